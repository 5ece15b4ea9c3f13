"""``nsteps shell``: a shell of a fresh lab in the caller's own terminal, brought to a step if one is given."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from pathlib import Path

import click

from engine.course.model import Course, Step
from engine.lab import Lab, LabError
from engine.messages import Message
from engine.session.performer import Terminals
from engine.session.replay import ReplayError, entries_before, replay
from tui.commands import options
from tui.commands.completing import complete_step
from tui.commands.options import EXIT_NOT_PASSED, Context, run

TERMINAL = "shell"
_PLAIN_TERMINAL = "xterm-256color"
_TERMINFO = ("/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo")
_READ_BYTES = 65536


@click.command(name="shell", help=options._help("help.shell"))
@click.argument("step", required=False, shell_complete=complete_step)
@options.iptables
@options.lessons
@options.language
@click.pass_context
def command(
    context: click.Context, step: str | None, iptables: str | None, lessons: str | None, lang: str | None
) -> None:
    """See the module. Where standard input is no terminal, it is run as a script."""
    here = Context.of(context, lessons, lang, False)
    course = here.course() if step else None
    chosen = here.step(course, step) if course and step else None
    sys.exit(run(here, _work(here, course, chosen, iptables)))


async def _work(here: Context, course: Course | None, step: Step | None, iptables: str | None) -> int:
    async with await Lab.start(iptables=iptables) as lab:
        if course and step:
            try:
                await replay(lab, Terminals(lab), entries_before(course, step))
            except ReplayError as error:
                click.echo(here.tell(error.message), err=True)
                return EXIT_NOT_PASSED
        if not sys.stdin.isatty():
            done = await lab.run(sys.stdin.read(), timeout_seconds=24 * 3600)
            click.echo(done.output, nl=False)
            return done.exit
        click.echo(here.tell(Message("lab.shell.welcome-step" if step else "lab.shell.welcome", _named(step, here))))
        return await _interact(here, lab)


def _named(step: Step | None, here: Context) -> dict[str, object]:
    return {"number": step.number, "title": step.title.in_language(here.language)} if step else {}


async def _interact(here: Context, lab: Lab) -> int:
    """Join the caller's terminal and the lab's shell until that one ends or the lab is lost; the exit code."""
    columns, rows = os.get_terminal_size(0)
    shell = await lab.shell(TERMINAL, columns=columns, rows=rows, terminal_type=_terminal_type())
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    shell.on_output.append(_print)
    shell.on_ended.append(over.set)
    unsubscribe = lab.on_lost(lambda _: over.set())

    def typed() -> None:
        data = os.read(0, _READ_BYTES)
        if data:
            shell.write(data)
        else:
            over.set()

    def resized() -> None:
        shell.resize(*os.get_terminal_size(0))

    with _raw():
        loop.add_signal_handler(signal.SIGWINCH, resized)
        for number in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(number, over.set)
        loop.add_reader(0, typed)
        try:
            await over.wait()
        finally:
            unsubscribe()
            loop.remove_reader(0)
            for number in (signal.SIGWINCH, signal.SIGHUP, signal.SIGTERM):
                loop.remove_signal_handler(number)
    if lab.lost is not None:
        click.echo()
        raise LabError.of(lab.lost)
    return shell.exit or 0


def _print(data: bytes) -> None:
    while data:
        data = data[os.write(1, data) :]


def _terminal_type() -> str:
    """The caller's kind of terminal, if the lab knows it too."""
    name = os.environ.get("TERM", "")
    known = name and any(
        (Path(directory) / name[:1] / name).exists() or (Path(directory) / f"{ord(name[0]):x}" / name).exists()
        for directory in _TERMINFO
    )
    return name if known else _PLAIN_TERMINAL


@contextlib.contextmanager
def _raw() -> Iterator[None]:
    """The caller's terminal, every key as it is; put back afterwards."""
    before = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        yield
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
