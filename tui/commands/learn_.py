"""``nsteps`` without a command: the tutorial itself, from the step where the learner left it."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click
import platformdirs

from engine.language import detect_language
from engine.messages import Message, render
from engine.session.progress import Progress, ProgressStore
from tui.commands.options import EXIT_NO_LAB, EXIT_NOT_PASSED, EXIT_USAGE, Context, Shared

if TYPE_CHECKING:
    from textual.driver import Driver

    from engine.course.model import Course, Step
    from engine.session.session import Session

SIMPLE_TERMINALS = ("", "dumb", "unknown")
"""Values of ``TERM`` for what cannot move a cursor."""


def learn(shared: Shared, step: str | None, *, driver: type[Driver] | None = None) -> None:
    """Run the tutorial; ends the program with its exit code. ``driver`` shows it elsewhere than on a terminal."""
    here = Context(shared.language or detect_language(), False, Path(shared.lessons) if shared.lessons else None)
    if driver is None:
        _check_terminal(here)

    from engine.lab import warm_up

    course = here.course()
    chosen = here.step(course, step) if step else None
    warm_up()  # its imports run beside those of the screen

    from engine.session.session import Session
    from engine.session.single import ProgressLock, ReadOnlyStore

    store = ProgressStore()
    with ProgressLock(store, course) as lock:
        kept = store if lock.held else ReadOnlyStore()
        session = Session.open(course, store=kept, language=_language(shared, kept.load(course)))
        if chosen is not None and chosen.id != session.step.id:
            session.begin_at(chosen)
        sys.exit(_run(here, session, kept=lock.held, driver=driver))


def _check_terminal(here: Context) -> None:
    """A screen needs a terminal that can move its cursor."""
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__)):
        _refuse(here, "not-a-terminal")
    if os.environ.get("TERM", "") in SIMPLE_TERMINALS:
        _refuse(here, "simple-terminal", term=os.environ.get("TERM", ""))


def _refuse(here: Context, key: str, **params: object) -> None:
    click.echo(render(Message(f"tui.learn.{key}", params), here.language), err=True)
    sys.exit(EXIT_USAGE)


def _language(shared: Shared, progress: Progress) -> str:
    """What was asked for, else what the learner last chose on the screen, else the locale's."""
    if shared.language is None and not os.environ.get("NSTEPS_LANG") and progress.language:
        return progress.language
    return shared.language or detect_language()


def _run(here: Context, session: Session, *, kept: bool, driver: type[Driver] | None) -> int:
    from tui.app import create_app

    app = create_app(session, kept=kept, driver=driver)
    app.run()
    if app.failure is not None:
        click.echo(render(app.failure, session.language), err=True)
        click.echo(here.say("ask-doctor"), err=True)
        return EXIT_NO_LAB
    if app.crash is not None:
        click.echo(render(Message("tui.learn.crash", {"path": _write_down(app.crash)}), session.language), err=True)
        return EXIT_NOT_PASSED
    click.echo(farewell(session.course, session.step, session.percent, session.language, kept=kept))
    return 0


def _write_down(error: Exception) -> Path:
    """The file that now tells developers what went wrong."""
    path = platformdirs.user_log_path("nsteps") / "crash.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        traceback.print_exception(error)
    return path


def farewell(course: Course, step: Step, percent: int, language: str, *, kept: bool) -> str:
    """The line that is left on the terminal."""
    if not kept:
        return render(Message("tui.learn.not-kept"), language)
    if percent == 100:
        return render(Message("tui.learn.finished"), language)
    return render(
        Message("tui.learn.farewell", {"number": step.number, "title": step.title, "percent": percent}), language
    )
