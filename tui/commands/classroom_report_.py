"""``nsteps classroom report`` and ``nsteps classroom forget``: what is left of a workshop, and how to delete it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy.exc import DBAPIError

from engine.classroom import report as room_report
from engine.classroom.outline import outline
from engine.classroom.report_files import as_csv, as_json
from engine.classroom.report_page import as_page, clock, local_time
from engine.classroom.roster import HUB_DEAD_SECONDS
from engine.classroom.store import Store, StoreError, reason
from engine.language import detect_language
from engine.messages import Message, render
from tui.classroom.data import DataBusy, DataError, database_url, default_directory, held, place
from tui.commands import options
from tui.commands.options import EXIT_USAGE, Context

STANDARD_OUTPUT = Path("-")


def _help(key: str) -> str:
    return render(Message(f"board.{key}", {"default": default_directory()}), detect_language())


_data = click.option(
    "--data", "directory", type=click.Path(path_type=Path), metavar="DIR", help=_help("report.help-data")
)
_file = click.Path(path_type=Path, allow_dash=True)


@click.command(name="report", help=_help("report.help"))
@_data
@click.option("--csv", "csv_file", type=_file, metavar="FILE", help=_help("report.help-csv"))
@click.option("--json", "json_file", type=_file, metavar="FILE", help=_help("report.help-json"))
@click.option("--html", "html_file", type=_file, metavar="FILE", help=_help("report.help-html"))
@options.lessons
@options.language
@click.pass_context
def report(
    context: click.Context,
    directory: Path | None,
    csv_file: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    lessons: str | None,
    lang: str | None,
) -> None:
    """See the module."""
    here = Context.of(context, lessons, lang, False)
    with _opened(here, directory) as store:
        try:
            found = _report(here, store, directory)
        except DBAPIError as error:
            _fail(here, Message("board.store.failed", {"reason": reason(error)}))
    if csv_file is not None:
        _write(here, csv_file, as_csv(found, here.language))
    if json_file is not None:
        _write(here, json_file, as_json(found))
    if html_file is not None:
        _write(here, html_file, as_page(found, here.language))
    if csv_file is json_file is html_file is None:
        for line in _lines(here, found):
            click.echo(line)


@click.command(name="forget", help=_help("forget.help"))
@_data
@click.option("--names", is_flag=True, help=_help("forget.help-names"))
@click.option("--yes", is_flag=True, help=_help("forget.help-yes"))
@options.language
@click.pass_context
def forget(context: click.Context, directory: Path | None, names: bool, yes: bool, lang: str | None) -> None:
    """See the module."""
    here = Context.of(context, None, lang, False)
    where = directory or default_directory()
    with _opened(here, directory) as store:
        question = Message(f"board.forget.{'ask-names' if names else 'ask-all'}", {"where": place(where)})
        if not yes and not click.confirm(here.tell(question)):
            sys.exit(options.EXIT_NOT_PASSED)
        try:
            if names:
                count = store.forget_names()
                store.scrub()
                click.echo(here.tell(Message("board.forget.names", {"count": count})))
                return
            with held(where):  # a room that is open would go on writing
                if any(time.time() - at < HUB_DEAD_SECONDS for at in store.hubs().values()):
                    raise DataBusy
                store.forget_all()
                store.scrub()
        except DBAPIError as error:
            _fail(here, Message("board.store.failed", {"reason": reason(error)}))
        except DataBusy:
            _fail(here, Message("board.forget.open", {"where": where}))
        except DataError as error:
            _fail(here, Message("board.store.failed", {"reason": str(error)}))
    click.echo(here.tell(Message("board.forget.all", {})))


def _opened(here: Context, directory: Path | None) -> Store:
    """The room's database, if there is one: looking for it makes none."""
    url = database_url(directory or default_directory())
    missing = Message("board.store.none", {"where": place(directory or default_directory())})
    if url.startswith("sqlite:") and not Path(url.removeprefix("sqlite:///")).exists():
        _fail(here, missing)
    try:
        store = Store.open(url)
    except StoreError as error:
        _fail(here, error.message)
    if store.settings() is None:
        store.close()
        _fail(here, missing)
    return store


def _report(here: Context, store: Store, directory: Path | None) -> room_report.RoomReport:
    settings = store.settings()
    assert settings is not None
    if here.lessons is None and settings.lessons is not None:
        here.lessons = Path(settings.lessons)
    course = here.course()
    try:
        steps = outline(course, settings.first, settings.last)
    except (LookupError, ValueError):
        click.echo(here.tell(Message("board.report.other-course", {})), err=True)
        steps = outline(course)
    return room_report.report(store, outline(course), {step.id for step in steps})


def _lines(here: Context, found: room_report.RoomReport) -> list[str]:
    titles = {step.id: step for step in found.outline}
    if not found.seats:
        return [here.tell(Message("board.report.empty", {}))]
    opened = local_time(found.opened_at)
    lines = [here.tell(Message("board.report.about", {"when": opened, "seats": len(found.seats)}))]
    for one in found.steps:
        if one.done or one.skipped or one.left_open:
            step = titles[one.step]
            params = {
                "number": step.number,
                "title": step.title,
                "done": one.done,
                "skipped": one.skipped,
                "open": one.left_open,
                "median": clock(one.median_seconds),
                "planned": clock(one.planned_seconds),
            }
            lines.append(here.tell(Message("board.report.line", params)))
    return lines


def _write(here: Context, path: Path, text: str) -> None:
    if path == STANDARD_OUTPUT:
        click.echo(text.encode(), nl=False)
        return
    try:
        path.write_bytes(text.encode())
    except OSError as error:
        _fail(here, Message("board.report.cannot-write", {"path": path, "reason": error.strerror or str(error)}))
    click.echo(here.tell(Message("board.report.written", {"path": path})), err=True)


def _fail(here: Context, message: Message) -> NoReturn:
    click.echo(here.tell(message), err=True)
    sys.exit(EXIT_USAGE)
