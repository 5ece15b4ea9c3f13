"""``nsteps web``: the tutorial in a browser on this machine, for one person."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator

import click

from engine.course.model import Course, Step
from engine.session.progress import ProgressStore
from tui.commands import options
from tui.commands.learn_ import _language
from tui.commands.options import EXIT_USAGE, Context, Shared
from tui.settings import SettingsFile
from tui.web.learner import Seating
from tui.web.server import PortTaken, Server


@click.command(name="web", help=options._help("help.web"))
@click.option("--port", type=click.IntRange(1, 65535), metavar="PORT", help=options._help("help.port"))
@options.lessons
@options.language
@options.step_option
@click.pass_context
def command(context: click.Context, port: int | None, lessons: str | None, lang: str | None, step: str | None) -> None:
    """See the module."""
    here = Context.of(context, lessons, lang, False)
    course = here.course()
    chosen = here.step(course, step) if step else None
    asked = lang or (context.obj.language if isinstance(context.obj, Shared) else None)

    def language() -> str:
        return _language(Shared(language=asked), SettingsFile().load()[0], ProgressStore().load(course))

    try:
        asyncio.run(_serve(here, Server(_seatings(here, course, asked, chosen), language), port))
    except PortTaken as error:
        click.echo(here.say("web.port-taken", port=port, reason=error), err=True)
        sys.exit(EXIT_USAGE)


def _seatings(here: Context, course: Course, language: str | None, step: Step | None) -> Callable[[int, int], Seating]:
    """What each page's process is started with: the first begins at ``step``, those after it resume."""
    lessons = str(here.lessons.absolute()) if here.lessons else None
    first = [step.id] if step else []

    def seating(columns: int, rows: int) -> Seating:
        begin = first.pop() if first else None
        return Seating(columns=columns, rows=rows, lessons=lessons, language=language, step=begin)

    return seating


async def _serve(here: Context, server: Server, port: int | None) -> None:
    """Until Ctrl-C, ``kill``, or the end of the terminal. Raises :class:`PortTaken`."""
    loop = asyncio.get_running_loop()
    told_to_end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, told_to_end.set)
    await server.start(port)
    try:
        _tell(here.say("web.link", link=server.link()))
        with at_enter(lambda: _tell(here.say("web.new-link", link=server.link()))) as enter_works:
            _tell(here.say("web.how" if enter_works else "web.how-without-enter"))
            await told_to_end.wait()
        _tell(here.say("web.ending"))
    finally:
        await server.close()


def _tell(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone already
        click.echo(text)


@contextlib.contextmanager
def at_enter(act: Callable[[], None]) -> Iterator[bool]:
    """Call ``act`` at each Enter on the program's terminal while it is in the foreground. Yields if there is one."""
    terminal = sys.__stdin__
    if terminal is None or not terminal.isatty():
        yield False
        return
    loop, descriptor = asyncio.get_running_loop(), terminal.fileno()

    def listen() -> None:
        loop.add_reader(descriptor, pressed)

    def pressed() -> None:
        try:
            in_front = os.tcgetpgrp(descriptor) == os.getpgrp()
            if in_front and os.read(descriptor, 4096):
                act()
                return
        except OSError:
            pass
        loop.remove_reader(descriptor)  # what is typed is for another program, or nothing ever will be

    listen()
    loop.add_signal_handler(signal.SIGCONT, listen)  # ``fg``
    try:
        yield True
    finally:
        loop.remove_signal_handler(signal.SIGCONT)
        loop.remove_reader(descriptor)
