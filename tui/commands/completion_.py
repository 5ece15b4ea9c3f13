"""``nsteps completion``: the script by which a shell completes nsteps' words, step ids among them."""

from __future__ import annotations

import sys

import click
from click.shell_completion import get_completion_class

from engine.language import detect_language
from engine.messages import Message, render
from tui.commands import options
from tui.commands.options import EXIT_NOT_PASSED, print_json

SHELLS = ("bash", "zsh", "fish")


@click.command(name="completion", help=options._help("help.completion"))
@click.argument("shell", type=click.Choice(SHELLS))
@options.common
@click.pass_context
def command(context: click.Context, shell: str, lessons: str | None, lang: str | None, as_json: bool) -> None:
    """See the module."""
    kind = get_completion_class(shell)
    assert kind is not None
    try:
        script = kind(context.find_root().command, {}, "nsteps", "_NSTEPS_COMPLETE").source()
    except RuntimeError:  # click asks the bash on PATH for its version
        click.echo(render(Message("cli.completion.old-bash"), lang or detect_language()), err=True)
        sys.exit(EXIT_NOT_PASSED)
    if as_json:
        print_json({"shell": shell, "script": script})
    else:
        click.echo(script)
