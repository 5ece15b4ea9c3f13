"""``nsteps diagram``: a figure of a real lab just after a step; with ``--all``, every figure of the course."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from engine.course.figures import figures_of
from engine.course.model import Course, Step
from engine.language import detect_language
from engine.messages import Message, render
from engine.network.figure import figure
from engine.network.topology import Graph, topology
from engine.refusal import reason
from tui.commands import options
from tui.commands.completing import complete_step
from tui.commands.options import Context, print_json


def _help(key: str) -> str:
    return render(Message(f"diagram.help.{key}", {}), detect_language())


@click.command(name="diagram", help=_help("diagram"))
@click.argument("step", required=False, metavar="[STEP]", shell_complete=complete_step)
@click.option("--svg", "file", type=click.Path(path_type=Path), metavar="FILE", help=_help("svg"))
@click.option("--all", "folder", type=click.Path(path_type=Path), metavar="DIR", help=_help("all"))
@options.iptables
@options.common
@click.pass_context
def command(
    context: click.Context,
    step: str | None,
    file: Path | None,
    folder: Path | None,
    iptables: str | None,
    lessons: str | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """See the module."""
    here = Context.of(context, lessons, lang, as_json)
    if folder is not None and (step or file or as_json):
        raise click.UsageError(here.tell(Message("diagram.all-alone", {})))
    course = here.course()
    if folder is not None:
        for one in figures_of(course):
            graph = _graph(here, course, one.step, iptables)
            _write(here, folder / one.name, figure(graph, title=one.words))
        return
    chosen = here.step(course, step) if step else None
    graph = _graph(here, course, chosen, iptables)
    if as_json:
        print_json(graph)
        return
    picture = figure(graph, title=_title(here, chosen))
    if file is None:
        click.echo(picture, nl=False)
    else:
        _write(here, file, picture)


def _title(here: Context, step: Step | None) -> str:
    if step is None:
        return here.tell(Message("diagram.beginning", {}))
    return here.tell(Message("diagram.after", {"number": step.number, "title": step.title}))


def _graph(here: Context, course: Course, step: Step | None, iptables: str | None) -> Graph:
    from engine.session.moment import moment
    from engine.session.replay import ReplayError

    try:
        return topology(options.run(here, moment(course, step, iptables=iptables)))
    except ReplayError as error:
        click.echo(here.tell(error.message), err=True)
        sys.exit(options.EXIT_NOT_PASSED)


def _write(here: Context, path: Path, picture: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(picture, encoding="utf-8")
    except OSError as error:
        click.echo(here.tell(Message("diagram.cannot-write", {"path": path, "reason": reason(error)})), err=True)
        sys.exit(options.EXIT_USAGE)
    click.echo(here.tell(Message("diagram.written", {"path": path})))
