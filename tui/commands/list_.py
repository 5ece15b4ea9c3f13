"""``nsteps list``: the lessons and steps with ids, numbers and how far the learner is."""

from __future__ import annotations

import click

from engine.course.model import Course
from engine.session.progress import Progress, ProgressStore
from tui.commands import options
from tui.commands.options import Context, print_json

MARKS = {"done": "✓", "skipped": "»", "todo": "·"}


@click.command(name="list", help=options._help("help.list"))
@options.common
@click.pass_context
def command(context: click.Context, lessons: str | None, lang: str | None, as_json: bool) -> None:
    """See the module."""
    here = Context.of(context, lessons, lang, as_json)
    course = here.course()
    progress = ProgressStore().load(course)
    if as_json:
        lessons_data = as_data(course, progress, here.language)
        print_json({"percent": progress.percent(course), "step": progress.step, "lessons": lessons_data})
        return
    for lesson in course.lessons:
        click.secho(f"{lesson.number:>2}  {lesson.title.in_language(here.language)}", bold=True)
        for step in lesson.steps:
            arrow = "→" if step.id == progress.step else " "
            title = step.title.in_language(here.language)
            click.echo(f"  {arrow} {MARKS[progress.state(step.id)]} {step.number:<5} {step.id:<32} {title}")
    click.echo(here.say("list.progress", percent=progress.percent(course)))


def as_data(course: Course, progress: Progress, language: str) -> list[dict[str, object]]:
    """The course as the ``--json`` form prints it."""
    return [
        {
            "id": lesson.id,
            "number": lesson.number,
            "title": lesson.title.in_language(language),
            "minutes": lesson.minutes,
            "steps": [
                {
                    "id": step.id,
                    "number": step.number,
                    "title": step.title.in_language(language),
                    "progress": progress.state(step.id),
                    "unguided": step.unguided,
                    "commands": [
                        {
                            "text": one.text,
                            "terminal": one.terminal,
                            "namespace": one.namespace,
                            "exit": one.exit,
                            "runs": one.runs,
                            "interrupt": one.interrupt,
                        }
                        for one in step.commands
                    ],
                }
                for step in lesson.steps
            ],
        }
        for lesson in course.lessons
    ]
