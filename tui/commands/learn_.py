"""``nsteps`` without a command: the tutorial itself, from the step where the learner left it."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from engine.language import detect_language
from engine.messages import Message, render
from engine.refusal import reason
from tui import theme
from tui.commands.basics import EXIT_NO_LAB, EXIT_NOT_PASSED, EXIT_USAGE, Shared
from tui.opening import Opened, OpeningApp
from tui.settings import Preferences, Settings, SettingsFile

if TYPE_CHECKING:
    from textual.driver import Driver

    from engine.course.model import Course, Step
    from engine.session.progress import Progress
    from tui.commands.options import Context

SIMPLE_TERMINALS = ("", "dumb", "unknown")
"""Values of ``TERM`` for what cannot move a cursor."""


class Opener:
    """Loads what is shown: the course, the learner's progress, and the session. Called once, in any thread.

    Ends the program where the course cannot be read or has no such step. As a context manager it holds the progress.
    """

    def __init__(self, shared: Shared, step: str | None, settings: Settings) -> None:
        self._shared, self._step, self._settings = shared, step, settings
        self._held = ExitStack()

    def __enter__(self) -> Opener:
        return self

    def __exit__(self, *exception: object) -> None:
        self._held.close()

    def __call__(self) -> Opened:
        import tui.screens.main  # noqa: F401  (in this thread rather than in the one that paints)
        from engine.course.cache import load_quickly
        from engine.session.progress import ProgressStore
        from engine.session.session import Session
        from engine.session.single import ProgressLock, ReadOnlyStore

        shared, settings = self._shared, self._settings
        course = load_quickly(Path(shared.lessons) if shared.lessons else None)
        chosen = _context(shared).step(course, self._step) if self._step else None
        store = ProgressStore()
        lock = self._held.enter_context(ProgressLock(store, course))
        kept = store if lock.held else ReadOnlyStore()
        session = Session.open(course, store=kept, language=_language(shared, settings, kept.load(course)))
        if chosen is not None and chosen.id != session.step.id:
            session.begin_at(chosen)
        first = session.progress.step is None and self._step is None
        return Opened(session, kept=lock.held, tour=_tour(shared, settings, first=first))


def learn(shared: Shared, step: str | None, *, driver: type[Driver] | None = None) -> None:
    """Run the tutorial; ends the program with its exit code. ``driver`` shows it elsewhere than on a terminal."""
    if driver is None:
        _check_terminal(shared)
    preferences = Preferences(SettingsFile())
    colours = _colours(shared, preferences.settings, driver is None)
    with Opener(shared, step, preferences.settings) as opener:
        if step or shared.lessons:  # a mistake there is told without a screen
            _context(shared).course()
            opened = opener()
            app = OpeningApp(lambda: opened, driver=driver, preferences=preferences, colours=colours)
        else:
            app = OpeningApp(opener, driver=driver, preferences=preferences, colours=colours)
        app.run()
        sys.exit(_farewell(shared, app))


def _context(shared: Shared) -> Context:
    from tui.commands.options import Context

    return Context(shared.language or detect_language(), False, Path(shared.lessons) if shared.lessons else None)


def _check_terminal(asked: Shared | Context) -> None:
    """A screen needs a terminal that can move its cursor."""
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__)):
        _refuse(asked, "not-a-terminal")
    if os.environ.get("TERM", "") in SIMPLE_TERMINALS:
        _refuse(asked, "simple-terminal", term=os.environ.get("TERM", ""))


def _refuse(asked: Shared | Context, key: str, **params: object) -> None:
    _say(f"tui.learn.{key}", asked.language or detect_language(), file=sys.stderr, **params)
    sys.exit(EXIT_USAGE)


def _language(shared: Shared, settings: Settings, progress: Progress) -> str:
    """What was asked for, else what the learner last chose on the screen, else the locale's."""
    if shared.language or os.environ.get("NSTEPS_LANG"):
        return shared.language or detect_language()
    return settings.language or progress.language or detect_language()


def _colours(shared: Shared, settings: Settings, terminal: bool) -> str:
    """``dark``, ``light`` or ``ansi``. What the environment tells of a terminal does not hold for a browser."""
    if not terminal:
        os.environ.pop("NO_COLOR", None)
        kept = settings.theme if settings.theme != "ansi" else "auto"
        return theme.preferred({"NSTEPS_THEME": os.environ.get("NSTEPS_THEME", "")}, asked=shared.theme, kept=kept)
    if shared.theme in theme.NAMES:  # asked for by name: goes before everything
        os.environ.pop("NO_COLOR", None)
    return theme.preferred(os.environ, asked=shared.theme, kept=settings.theme, terminal=True)


def _tour(shared: Shared, settings: Settings, *, first: bool) -> bool:
    """Whether the parts of the screen are shown: when asked for, else once, to whoever has never been here."""
    return shared.tour if shared.tour is not None else first and not settings.tour_seen


def _say(key: str, language: str, *, file: TextIO | None = None, **params: object) -> None:
    print(render(Message(key, params), language), file=file)


def _farewell(shared: Shared, app: OpeningApp) -> int:
    """What is left on the terminal; the exit code."""
    if app.refusal is not None:
        _context(shared).course()  # a course that cannot be read: tells why, and ends the program
    language = app.session.language if app.opened else shared.language or detect_language()
    if app.failure is not None:
        print(render(app.failure, language), file=sys.stderr)
        _say("cli.ask-doctor", language, file=sys.stderr)
        return EXIT_NO_LAB
    if isinstance(app.refusal, OSError):
        where, why = app.refusal.filename, reason(app.refusal)
        _say("tui.learn.files", language, file=sys.stderr, path=where, reason=why)
        return EXIT_NOT_PASSED
    crash = app.crash or app.refusal
    if crash is not None:
        _say("tui.learn.crash", language, file=sys.stderr, path=_write_down(crash))
        return EXIT_NOT_PASSED
    if app.opened:
        session = app.session
        print(farewell(session.course, session.step, session.percent, language, kept=app.kept))
    return 0


def _write_down(error: Exception) -> Path:
    """The file that now tells developers what went wrong."""
    import traceback

    import platformdirs

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
