"""Typing at a prompt on a clock that the test moves: key by key, paused, given away, by somebody else's keys."""

from __future__ import annotations

import asyncio
import math

from engine.session.autopilot.pacing import Pace
from engine.session.autopilot.rhythm import Rhythm
from engine.session.autopilot.typist import Typist
from tests.autopilot.clock import FakeClock, settle

CLEAR = b"\x05\x15"


class Prompt:
    """A shell that always has a prompt; keeps what was written, with the time."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.at_prompt = True
        self.written: list[tuple[float, bytes]] = []

    @property
    def text(self) -> bytes:
        return b"".join(data for _, data in self.written)

    def write(self, data: bytes) -> None:
        self.written.append((self.clock.time, data))

    async def wait_prompt(self) -> None:
        return

    async def type(self, text: str) -> None:
        self.write(text.encode())


def begin(text: str, *, speed: float = 1.0, by_key: bool = False) -> tuple[FakeClock, Pace, Prompt, asyncio.Task[None]]:
    clock = FakeClock()
    pace = Pace(clock, speed=speed)
    shell = Prompt(clock)
    typist = Typist(pace, Rhythm(1), by_key=by_key)
    return clock, pace, shell, asyncio.ensure_future(typist(shell, text))  # type: ignore[arg-type]


async def test_each_key_comes_at_its_time() -> None:
    clock, _, shell, task = begin("ip link list")
    await clock.advance(60)
    assert task.done() and shell.text == b"ip link list"
    strokes = Rhythm(1).keystrokes("ip link list")
    expected = [sum(one.seconds for one in strokes[: index + 1]) for index in range(len(strokes))]
    assert [round(time, 6) for time, _ in shell.written] == [round(time, 6) for time in expected]


async def test_a_pause_in_the_midst_of_a_word() -> None:
    clock, pace, shell, task = begin("sudo ip netns add netns_dustin")
    await clock.advance(1.0)
    pace.hold("paused")
    await settle()
    before = shell.text
    assert 0 < len(before) < 20
    await clock.advance(500)
    assert shell.text == before
    pace.release("paused")
    await clock.advance(60)
    assert task.done() and shell.text == b"sudo ip netns add netns_dustin"


async def test_as_fast_as_it_goes_it_is_put_there_at_once() -> None:
    clock, _, shell, task = begin("ip link list", speed=math.inf)
    await settle()
    assert task.done() and shell.written == [(0.0, b"ip link list")] and clock.waits == []


async def test_when_the_keyboard_is_taken_the_line_is_cleared_and_typed_anew_afterwards() -> None:
    clock, pace, shell, task = begin("ip link list")
    await clock.advance(1.0)
    typed = shell.text
    pace.turn += 1
    pace.hold("taken")
    await settle()
    assert shell.text == typed + CLEAR
    await clock.advance(100)
    assert shell.text == typed + CLEAR
    pace.release("taken")
    await clock.advance(60)
    assert task.done() and shell.text == typed + CLEAR + CLEAR + b"ip link list"


async def test_a_line_that_goes_on_is_typed_as_one_command() -> None:
    clock, _, shell, task = begin("for i in 1 2; do\necho $i\ndone")
    await clock.advance(60)
    assert task.done()
    assert shell.text == b"for i in 1 2; do\x1b[200~\n\x1b[201~echo $i\x1b[200~\n\x1b[201~done"


async def test_any_keys_type_the_command_and_enter_ends_it() -> None:
    _, pace, shell, task = begin("ip a", by_key=True)
    await settle()
    assert shell.text == b"" and pace.waits_for_key
    for key, typed in (("q", b"ip"), ("enter", b"ip a"), ("x", b"ip a")):
        pace.press(key)
        await settle()
        assert shell.text == typed and not task.done()
    pace.press("enter")
    await settle()
    assert task.done() and shell.text == b"ip a"
