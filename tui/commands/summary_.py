"""``nsteps summary``: what the learner has done so far, on standard output, as Markdown, as a picture, or as JSON."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from engine.language import detect_language
from engine.messages import Message, render
from engine.refusal import reason
from engine.session.progress import ProgressStore
from engine.session.summary import Summary, as_markdown, as_svg, summarize
from tui.commands import options
from tui.commands.options import Context, print_json


def _help(key: str) -> str:
    return render(Message(f"teaching.command.{key}", {}), detect_language())


@click.command(name="summary", help=_help("summary"))
@click.option("--md", "markdown", type=click.Path(path_type=Path), metavar="FILE", help=_help("md"))
@click.option("--svg", "picture", type=click.Path(path_type=Path), metavar="FILE", help=_help("svg"))
@click.option("--name", metavar="NAME", help=_help("name"))
@options.common
@click.pass_context
def command(
    context: click.Context,
    markdown: Path | None,
    picture: Path | None,
    name: str | None,
    lessons: str | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """See the module."""
    here = Context.of(context, lessons, lang, as_json)
    if as_json and (markdown or picture or name):
        raise click.UsageError(here.tell(Message("teaching.command.json-alone", {})))
    course = here.course()
    summary = summarize(course, ProgressStore().load(course))
    if as_json:
        print_json(_as_data(summary, here.language))
        return
    if markdown is None and picture is None:
        click.echo(as_markdown(summary, here.language, name=name), nl=False)
    if markdown is not None:
        _write(here, markdown, as_markdown(summary, here.language, name=name))
    if picture is not None:
        _write(here, picture, as_svg(summary, here.language, name=name))


def _as_data(summary: Summary, language: str) -> dict[str, object]:
    return {
        "percent": summary.percent,
        "steps": summary.steps,
        "done": summary.done,
        "skipped": summary.skipped,
        "skipped_steps": summary.skipped_steps,
        "hints": summary.hints,
        "seconds": round(summary.seconds),
        "predictions": summary.predictions,
        "finished_on": summary.finished_on,
        "next_step": summary.next_step,
        "lessons": [
            {
                "id": lesson.id,
                "number": lesson.number,
                "title": lesson.title.in_language(language),
                "steps": lesson.steps,
                "done": lesson.done,
                "skipped": lesson.skipped,
                "hints": lesson.hints,
                "seconds": round(lesson.seconds),
                "predictions": lesson.predictions,
                "finished_on": lesson.finished_on,
            }
            for lesson in summary.lessons
        ],
    }


def _write(here: Context, path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        click.echo(
            here.tell(Message("teaching.summary.cannot-write", {"path": path, "reason": reason(error)})), err=True
        )
        sys.exit(options.EXIT_USAGE)
    click.echo(here.tell(Message("teaching.summary.written", {"path": path})))
