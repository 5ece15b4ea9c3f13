"""The command ``nsteps``: the tutorial itself, and the headless commands that prove, try and explain.

Exit codes, the same everywhere: 0 it went well, 1 something did not pass, 2 a usage error or an unreadable course,
3 no lab can be made here (``nsteps doctor`` says why), 130 interrupted.
"""

from __future__ import annotations

import click

from engine.language import detect_language
from engine.messages import Message, render
from tui.commands import options
from tui.settings import default_path

COMMANDS = (
    "list",
    "summary",
    "demo",
    "verify",
    "try",
    "shell",
    "lint",
    "diagram",
    "web",
    "classroom",
    "join",
    "doctor",
    "completion",
)


def say(key: str, **params: object) -> str:
    """A text of the command line in the locale's language."""
    return render(Message(f"cli.{key}", params), detect_language())


def program_version() -> str:
    """The installed version; ``0+checkout`` when the program runs without having been installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("nsteps")
    except PackageNotFoundError:
        return "0+checkout"


def _tell_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        click.echo(f"nsteps {program_version()}")
        context.exit()


class _LazyGroup(click.Group):
    """Loads a command's module when the command is used: ``nsteps list`` need not import a user interface."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        from importlib import import_module

        command: click.Command = import_module(f"tui.commands.{name}_").command
        return command


@click.command(
    cls=_LazyGroup,
    invoke_without_command=True,
    help=say("help.main"),
    epilog=f"{say('help.settings', path=default_path())}\n\n{say('help.exit-codes')}",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@options.lessons
@options.language
@options.step_option
@options.theme_option
@options.tour_option
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_tell_version, help=say("help.version")
)
@click.pass_context
def main(
    context: click.Context,
    lessons: str | None,
    lang: str | None,
    step: str | None,
    theme: str | None,
    tour: bool | None,
) -> None:
    """Start the tutorial where the learner left it, unless a command is named."""
    context.obj = options.Shared(lessons=lessons, language=lang, theme=theme, tour=tour)
    if context.invoked_subcommand is None:
        from tui.commands.learn_ import learn

        learn(context.obj, step)


if __name__ == "__main__":
    main()
