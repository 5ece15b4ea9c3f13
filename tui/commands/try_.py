"""``nsteps try``: type commands at a step in a fresh lab and see what the checks say."""

from __future__ import annotations

import sys

import click

from engine.course.model import Course, Step
from engine.messages import render
from engine.session.attempt import Attempt, attempt
from tui.commands import options
from tui.commands.completing import complete_step
from tui.commands.options import EXIT_NOT_PASSED, EXIT_USAGE, Context, print_json, run


@click.command(name="try", help=options._help("help.try"))
@click.argument("step", shell_complete=complete_step)
@click.argument("commands", nargs=-1)
@options.iptables
@options.common
@click.pass_context
def command(
    context: click.Context,
    step: str,
    commands: tuple[str, ...],
    iptables: str | None,
    lessons: str | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """See the module."""
    here = Context.of(context, lessons, lang, as_json)
    course = here.course()
    chosen = here.step(course, step)
    typed = list(commands) or _from_standard_input(here)
    result = run(here, attempt(course, chosen, typed, iptables=iptables))
    if as_json:
        print_json(_as_data(result, here))
    else:
        _print(result, course, chosen, here)
    sys.exit(0 if result.passed else EXIT_NOT_PASSED)


def _from_standard_input(here: Context) -> list[str]:
    piped = sys.stdin is not None and not sys.stdin.isatty()
    lines = [line for line in sys.stdin.read().splitlines() if line.strip()] if piped else []
    if not lines:
        click.echo(here.say("try.no-commands"), err=True)
        sys.exit(EXIT_USAGE)
    return lines


def _as_data(result: Attempt, here: Context) -> dict[str, object]:
    return {
        "step": result.step,
        "passed": result.passed,
        "checks": [
            {
                "id": verdict.check,
                "passed": verdict.passed,
                "expected": here.tell(verdict.expected),
                "observed": here.tell(verdict.observed),
                "hint": here.tell(verdict.hint) if verdict.hint else None,
                "diagnosis": verdict.diagnosis,
            }
            for verdict in result.verdicts
        ],
        "commands": [
            {"command": one.text, "terminal": one.terminal, "exit": one.exit, "output": one.output}
            for one in result.commands
        ],
        "snapshot": result.snapshot,
    }


def _print(result: Attempt, course: Course, step: Step, here: Context) -> None:
    click.secho(f"{step.number} {step.title.in_language(here.language)}", bold=True)
    for one in result.commands:
        ended = here.say("try.still-running") if one.exit is None else here.say("try.exit", exit=one.exit)
        click.echo(f"{one.terminal} $ {one.text}")
        if one.output.strip():
            click.echo("\n".join(f"   {line}" for line in one.output.rstrip().splitlines()[-12:]))
        click.echo(f"   [{ended}]")
    for verdict in result.verdicts:
        mark = click.style("✓", fg="green") if verdict.passed else click.style("✗", fg="red")
        click.echo(f"{mark} {render(verdict.expected, here.language)}")
        if not verdict.passed:
            click.echo(f"    {render(verdict.hint or verdict.observed, here.language)}")
    click.echo(here.say("try.passed" if result.passed else "try.failed"))
