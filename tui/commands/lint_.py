"""``nsteps lint``: every authoring mistake of a course, with file, line, what is wrong and how to mend it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from engine.course import Problem, lint
from engine.language import detect_language
from engine.messages import Message, render
from tui.commands import options
from tui.commands.options import Context, print_json


@click.command(name="lint", help=options._help("help.lint"))
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--thorough", is_flag=True, help=render(Message("lint.help-thorough", {}), detect_language()))
@options.common
@click.pass_context
def command(
    context: click.Context, path: Path | None, thorough: bool, lessons: str | None, lang: str | None, as_json: bool
) -> None:
    """See the module."""
    here = Context.of(context, lessons, lang, as_json)
    folder = path or here.lessons
    problems = lint(folder, thorough=thorough)
    if as_json:
        print_json({"passed": not problems, "problems": [as_data(problem, here) for problem in problems]})
    else:
        for problem in problems:
            click.echo(f"{problem.place}: {here.tell(problem.what)}")
            click.secho(f"    {here.tell(problem.how)}", dim=True)
        click.echo(_summary(here, len(problems), folder), err=bool(problems))
    sys.exit(_exit_code(problems))


def as_data(problem: Problem, here: Context) -> dict[str, object]:
    """A problem as the ``--json`` form prints it; ``line`` is 0 for what concerns a whole file."""
    return {
        "path": problem.place.rpartition(":")[0] if problem.line else problem.place,
        "line": problem.line,
        "name": problem.name,
        "what": here.tell(problem.what),
        "how": here.tell(problem.how),
    }


def _summary(here: Context, count: int, folder: Path | None) -> str:
    if count:
        return here.tell(Message("lint.count-one" if count == 1 else "lint.count", {"count": count}))
    from engine.course import load_course

    course = load_course(folder)
    return here.tell(Message("lint.clean", {"lessons": len(course.lessons), "steps": len(course.steps)}))


def _exit_code(problems: tuple[Problem, ...]) -> int:
    """2 for a folder that holds no course at all: there was nothing to find mistakes in."""
    if any(problem.name in ("no-folder", "not-a-folder", "empty-folder", "unreadable") for problem in problems):
        return options.EXIT_USAGE
    return options.EXIT_NOT_PASSED if problems else 0
