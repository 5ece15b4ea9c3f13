"""``nsteps verify``: prove that every lesson does what it says, in real labs."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import Any

import click

from engine.course.model import Course, Lesson
from engine.session.proof import Proof, StepProof, prove
from tui.commands import options
from tui.commands.completing import complete_lesson
from tui.commands.options import EXIT_NOT_PASSED, EXIT_USAGE, Context, print_json, run


@click.command(name="verify", help=options._help("help.verify"))
@click.argument("lessons_wanted", nargs=-1, metavar="[LESSON]…", shell_complete=complete_lesson)
@options.iptables
@options.common
@click.pass_context
def command(
    context: click.Context,
    lessons_wanted: tuple[str, ...],
    iptables: str | None,
    lessons: str | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """See the module."""
    here = Context.of(context, lessons, lang, as_json)
    course = here.course()
    chosen = [_lesson(here, course, name) for name in lessons_wanted]
    proof = _prove(here, course, chosen, iptables)
    if as_json:
        print_json(proof)
    else:
        _print(proof, course, here)
    sys.exit(0 if proof.passed else EXIT_NOT_PASSED)


def _lesson(here: Context, course: Course, name: str) -> Lesson:
    """The lesson with that id or number; an unknown one is a usage error."""
    for lesson in course.lessons:
        if name in (lesson.id, str(lesson.number), f"{lesson.number:02}", f"{lesson.number:02}-{lesson.id}"):
            return lesson
    known = ", ".join(lesson.id for lesson in course.lessons)
    click.echo(here.say("verify.no-lesson", lesson=name, known=known), err=True)
    sys.exit(EXIT_USAGE)


def _prove(here: Context, course: Course, chosen: list[Lesson], iptables: str | None) -> Proof:
    """With a progress bar on standard error where somebody can see it."""
    visible = sys.stderr.isatty() and not here.as_json
    bar: Any = (
        click.progressbar(
            length=1, label=here.say("verify.running"), file=sys.stderr, show_pos=True, item_show_func=str
        )
        if visible
        else nullcontext()
    )
    with bar as shown:

        def progressed(done: int, total: int, step: str) -> None:
            if shown is not None:
                shown.length = total
                shown.update(1, step)

        return run(here, prove(course, chosen or None, iptables=iptables, progressed=progressed))


def _print(proof: Proof, course: Course, here: Context) -> None:
    """A row for each step, then what is wrong, then the sum."""
    head = [here.say(f"verify.{name}") for name in ("step", "commands", "accepted", "mistakes", "seconds")]
    click.secho(_row(" ", *head), bold=True)
    for one in proof.steps:
        step = course.step(one.step)
        mark = click.style("✗", fg="red") if one.problems else click.style("✓", fg="green")
        click.echo(
            _row(
                mark,
                f"{step.number:<5} {one.step}",
                str(one.commands),
                str(one.accepted),
                str(one.mistakes),
                f"{one.seconds:.1f}",
            )
        )
    for one in proof.steps:
        _print_problems(one, course)
    for difference in proof.differences:
        click.echo(f"{click.style('✗', fg='red')} {here.say('verify.left-behind', difference=difference)}")
    failed = sum(bool(one.problems) for one in proof.steps)
    counts = {
        "steps": len(proof.steps),
        "commands": sum(one.commands for one in proof.steps),
        "accepted": sum(one.accepted for one in proof.steps),
        "mistakes": sum(one.mistakes for one in proof.steps),
        "seconds": f"{proof.seconds:.1f}",
    }
    click.echo(here.say("verify.counts", **counts))
    if proof.passed:
        click.secho(here.say("verify.passed"), fg="green")
    else:
        click.secho(here.say("verify.failed", failed=failed, differences=len(proof.differences)), fg="red")


def _print_problems(one: StepProof, course: Course) -> None:
    step = course.step(one.step)
    for problem in one.problems:
        click.echo(f"{click.style('✗', fg='red')} {step.path.name}:{step.line} {one.step}: {problem}")


def _row(mark: str, step: str, *numbers: str) -> str:
    return f"{mark} {step:<38}" + "".join(f"{number:>11}" for number in numbers)
