"""``nsteps demo``: the course as a talk, on a screen, recorded, or as a transcript."""

from __future__ import annotations

import math
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.course.model import Course, Step
from engine.language import detect_language
from engine.messages import Message, render
from tui.commands import options
from tui.commands.completing import complete_step
from tui.commands.options import EXIT_NO_LAB, EXIT_NOT_PASSED, EXIT_USAGE, Context, print_json
from tui.demo.talk import Duration, Size, Speed, find_lesson, steps_between

if TYPE_CHECKING:
    from engine.session.autopilot.autopilot import Autopilot
    from engine.session.autopilot.plan import Plan
    from engine.session.autopilot.recording import Recording

PAUSE_SECONDS = 4.0
SIZE = (120, 36)
EXIT_INTERRUPTED = 130


def _help(key: str) -> str:
    return render(Message(f"demo.option.{key}", {}), detect_language())


@click.command(name="demo", help=_help("demo"))
@click.option("--from", "first", metavar="STEP", shell_complete=complete_step, help=_help("from"))
@click.option("--to", "last", metavar="STEP", shell_complete=complete_step, help=_help("to"))
@click.option("--speed", type=Speed(), metavar="X", help=_help("speed"))
@click.option("--pause", type=click.FloatRange(0, 3600), default=PAUSE_SECONDS, metavar="SECONDS", help=_help("pause"))
@click.option("--duration", type=Duration(), metavar="TIME", help=_help("duration"))
@click.option("--manual", is_flag=True, help=_help("manual"))
@click.option("--any-key", is_flag=True, help=_help("any-key"))
@click.option("--loop", is_flag=True, help=_help("loop"))
@click.option("--plan", "show_plan", is_flag=True, help=_help("plan"))
@click.option("--notes", is_flag=True, help=_help("notes"))
@click.option("--headless", is_flag=True, help=_help("headless"))
@click.option("--transcript", type=click.Path(path_type=Path), metavar="FILE.md", help=_help("transcript"))
@click.option("--record", type=click.Path(path_type=Path), metavar="FILE.cast", help=_help("record"))
@click.option("--size", type=Size(), metavar="WxH", help=_help("size"))
@click.option("--fast", is_flag=True, help=_help("fast"))
@click.option("--seed", type=int, metavar="N", help=_help("seed"))
@options.iptables
@options.common
@click.pass_context
def command(
    context: click.Context,
    first: str | None,
    last: str | None,
    speed: float | None,
    pause: float,
    duration: float | None,
    manual: bool,
    any_key: bool,
    loop: bool,
    show_plan: bool,
    notes: bool,
    headless: bool,
    transcript: Path | None,
    record: Path | None,
    size: tuple[int, int] | None,
    fast: bool,
    seed: int | None,
    iptables: str | None,
    lessons: str | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """See the module."""
    here = Context.of(context, lessons, lang, as_json)
    if notes:
        sys.exit(_notes(here))
    if record and transcript and record.resolve() == transcript.resolve():
        raise click.UsageError(_say(here, "usage.same-file"))
    _check(here, headless=headless, record=record, fast=fast, size=size, keys=manual or any_key, loop=loop)
    if speed is not None and duration is not None:
        raise click.UsageError(_say(here, "usage.speed-or-duration"))
    if speed is None:
        speed = math.inf if headless and record is None and duration is None else 1.0
    course = here.course()
    steps = steps_between(course, _step(here, course, first, last=False), _step(here, course, last, last=True))
    if not steps:
        raise click.UsageError(_say(here, "usage.backwards"))
    plan = _plan(here, course, tuple(steps), speed, 0.0 if manual or any_key else pause, duration)
    if show_plan:
        _print_plan(here, plan)
        return

    from engine.session.autopilot.autopilot import Autopilot, Choices
    from engine.session.autopilot.pacing import Pace, QuickClock, RealClock
    from engine.session.autopilot.store import ForgetfulStore
    from engine.session.session import Session

    if not headless:
        from tui.commands.learn_ import _check_terminal

        _check_terminal(here)
    choices = Choices(steps=tuple(steps), pause=pause, manual=manual, by_key=any_key, loop=loop, patient=not headless)
    session = Session.open(course, store=ForgetfulStore(), language=here.language, iptables=iptables)
    pace = Pace(QuickClock() if fast else RealClock(), speed=plan.speed)
    autopilot = Autopilot(session, choices, pace=pace, seed=seed)
    sys.exit(_give(here, autopilot, headless=headless, transcript=transcript, record=record, size=size or SIZE))


def _check(
    here: Context,
    *,
    headless: bool,
    record: Path | None,
    fast: bool,
    size: tuple[int, int] | None,
    keys: bool,
    loop: bool,
) -> None:
    """Options that make no sense together."""
    if headless and keys:
        raise click.UsageError(_say(here, "usage.keys-headless"))
    if (fast or size) and not (headless and record):
        raise click.UsageError(_say(here, "usage.fast"))
    if record and headless and loop:
        raise click.UsageError(_say(here, "usage.endless"))


def _say(here: Context, key: str, **params: object) -> str:
    return here.tell(Message(f"demo.{key}", params))


def _step(here: Context, course: Course, reference: str | None, *, last: bool) -> Step | None:
    """A step by id or number, or a lesson's first or last one."""
    if reference is None:
        return None
    lesson = find_lesson(course, reference)
    if lesson is not None:
        return lesson.steps[-1 if last else 0]
    return here.step(course, reference)


def _plan(
    here: Context, course: Course, steps: tuple[Step, ...], speed: float, pause: float, duration: float | None
) -> Plan:
    from engine.session.autopilot.plan import TooShort, make_plan

    plan = make_plan(course, steps, here.language, speed=speed, pause=pause)
    if duration is None:
        return plan
    try:
        return plan.fitted(duration)
    except TooShort as error:
        click.echo(_say(here, "usage.too-short", least=_clock(error.least_seconds)), err=True)
        sys.exit(EXIT_USAGE)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _print_plan(here: Context, plan: Plan) -> None:
    """A row for each step: when it begins, how long it takes."""
    rows = [(plan.begins(index), plan.seconds(index), planned.step) for index, planned in enumerate(plan.steps)]
    if here.as_json:
        steps = [
            {"id": step.id, "number": step.number, "begins_seconds": begins, "seconds": seconds}
            for begins, seconds, step in rows
        ]
        speed = None if math.isinf(plan.speed) else plan.speed
        print_json({"speed": speed, "pause_seconds": plan.pause, "seconds": plan.total, "steps": steps})
        return
    for begins, seconds, step in rows:
        click.echo(
            f"{_clock(begins):>7}  {_clock(seconds):>6}  {step.number:<5} {step.title.in_language(here.language)}"
        )
    speed_text = _say(here, "speed-max") if math.isinf(plan.speed) else f"×{plan.speed:.3g}"
    click.echo(_say(here, "plan.total", total=_clock(plan.total), speed=speed_text, steps=len(plan.steps)))


def _give(
    here: Context,
    autopilot: Autopilot,
    *,
    headless: bool,
    transcript: Path | None,
    record: Path | None,
    size: tuple[int, int],
) -> int:
    """Give the talk; the program's exit code."""
    from engine.session.autopilot.transcript import Transcript

    with ExitStack() as stack:
        try:
            recording = stack.enter_context(_recording(autopilot, record, size, headless)) if record else None
            written = stack.enter_context(transcript.open("w", encoding="utf-8")) if transcript else None
        except OSError as error:
            path, reason = error.filename, error.strerror or str(error)
            click.echo(_say(here, "cannot-write", path=path, reason=reason), err=True)
            return EXIT_USAGE

        def write(text: str) -> None:
            if written is not None:
                written.write(text)
                written.flush()
            elif headless:
                click.echo(text, nl=False)

        if headless and recording is None:
            from tui.demo.headless import give

            reason_stopped = options.run(here, give(autopilot, write, size=size))
        else:
            if headless or written is not None:
                autopilot.subscribe(Transcript(autopilot.session, write).hear)
            code, reason_stopped = _on_screen(here, autopilot, recording, size if headless else None)
            if code:
                return code
    if record is not None:
        click.echo(_say(here, "recorded", path=record), err=headless)
    if reason_stopped is None:
        return 0
    click.echo(_say(here, "stopped-at", number=autopilot.step.number, reason=here.tell(reason_stopped)), err=True)
    return EXIT_NOT_PASSED


def _recording(autopilot: Autopilot, path: Path, size: tuple[int, int], headless: bool) -> Recording:
    from engine.session.autopilot.recording import Recording
    from tui import theme
    from tui.demo.recording import theme_of

    if not headless:
        columns, rows = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1)
        size = (columns, rows)
    dark = theme.preferred(os.environ) != "light"
    colours = theme_of(theme.DARK_TERMINAL if dark else theme.LIGHT_TERMINAL)
    return Recording(path, size, autopilot.pace.clock.now, title="nsteps", theme=colours, timestamp=int(time.time()))


def _on_screen(
    here: Context, autopilot: Autopilot, recording: Recording | None, unseen: tuple[int, int] | None
) -> tuple[int, Message | None]:
    """Exit code if there was no talk, and why it stopped if it did."""
    from engine.lab import warm_up
    from tui.commands.learn_ import _write_down
    from tui.demo.app import DemoApp

    warm_up()
    app = DemoApp(autopilot, recording=recording, unseen=unseen is not None)
    app.run(size=unseen)
    if app.failure is not None:
        click.echo(here.tell(app.failure), err=True)
        click.echo(here.say("ask-doctor"), err=True)
        return EXIT_NO_LAB, None
    if app.crash is not None:
        click.echo(here.tell(Message("tui.learn.crash", {"path": _write_down(app.crash)})), err=True)
        return EXIT_NOT_PASSED, None
    if unseen and not app.over:
        return EXIT_INTERRUPTED, None
    return 0, app.stopped


def _notes(here: Context) -> int:
    import asyncio

    from engine.session.autopilot.remote import connect
    from tui.commands.learn_ import _check_terminal
    from tui.demo.notes import NotesApp

    _check_terminal(here)

    async def view() -> int:
        client = await connect()
        if client is None:
            click.echo(_say(here, "viewer.none"), err=True)
            return EXIT_NOT_PASSED
        await NotesApp(client, here.language).run_async()
        return 0

    return asyncio.run(view())
