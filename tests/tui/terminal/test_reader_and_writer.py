"""What is typed is read in the loop, and small updates are written at once: on a real terminal device."""

from __future__ import annotations

import asyncio
import os
import select
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from textual import events
from textual._ansi_sequences import SYNC_END, SYNC_START

from tui.terminal import input as terminal_input
from tui.terminal.flow import QUESTION
from tui.terminal.reader import LoopReader
from tui.terminal.writer import SMALL_BYTES, QuickWriter

terminal_input.install()
PATIENCE_SECONDS = 20.0


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Both ends of a terminal device: where somebody types and reads, and the program's."""
    outside, inside = os.openpty()
    tty.setraw(inside)
    yield outside, inside
    for number in (outside, inside):
        with suppress(OSError):
            os.close(number)


async def until(condition: Callable[[], object]) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not condition():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.005)


def reading(inside: int) -> tuple[LoopReader, list[str]]:
    keys: list[str] = []

    def process(message: object) -> None:
        if isinstance(message, events.Key):
            keys.append(message.key)
        elif isinstance(message, events.Paste):
            keys.append(f"paste {message.text}")

    driver = SimpleNamespace(fileno=inside, _loop=asyncio.get_running_loop(), _debug=False, process_message=process)
    return LoopReader(driver), keys


async def test_keys_pastes_and_characters_in_pieces(terminal: tuple[int, int]) -> None:
    outside, inside = terminal
    reader, keys = reading(inside)
    reader.begin()
    os.write(outside, b"a\x1b[A\x1b[200~two words\x1b[201~")
    await until(lambda: len(keys) == 3)
    os.write(outside, "网".encode()[:2])
    await asyncio.sleep(0)
    os.write(outside, "网".encode()[2:])
    await until(lambda: len(keys) == 4)
    assert keys == ["a", "up", "paste two words", "网"]
    reader.end()


async def test_a_lone_escape_is_told_when_nothing_follows(terminal: tuple[int, int]) -> None:
    outside, inside = terminal
    reader, keys = reading(inside)
    reader.begin()
    os.write(outside, b"\x1b")
    await until(lambda: keys == ["escape"])
    os.write(outside, b":")
    await until(lambda: len(keys) == 2)
    os.write(outside, b"\x1b.")
    await until(lambda: len(keys) == 3)
    assert keys == ["escape", "colon", "alt+full_stop"]
    reader.end()


async def test_a_terminal_that_is_gone_ends_the_reading(terminal: tuple[int, int]) -> None:
    outside, inside = terminal
    reader, keys = reading(inside)
    reader.begin()
    os.close(outside)
    loop: Any = asyncio.get_running_loop()
    await until(lambda: not loop.remove_reader(inside))  # nothing is read there any more
    assert keys == []


def written(outside: int, number: int) -> bytes:
    data = b""
    while len(data) < number:
        data += os.read(outside, 65536)
    return data


def test_small_updates_are_there_at_once_and_as_one(terminal: tuple[int, int]) -> None:
    outside, inside = terminal
    writer = QuickWriter(os.fdopen(os.dup(inside), "w", encoding="utf-8"))  # its thread does not run
    for text in (SYNC_START, "网 row", SYNC_END, "more"):
        writer.write(text)
    wanted = f"{SYNC_START}网 row{SYNC_END}more".encode()
    assert written(outside, len(wanted)) == wanted


def test_order_is_kept_between_large_and_small(terminal: tuple[int, int]) -> None:
    outside, inside = terminal
    writer = QuickWriter(os.fdopen(os.dup(inside), "w", encoding="utf-8"))
    writer.start()
    texts = [letter * (4 * SMALL_BYTES if letter.isupper() else 3) for letter in "aBcDEfghIjklmNop" * 20]
    got: list[bytes] = []
    wanted = "".join(texts).encode()
    question = QUESTION.encode()  # one stands between the texts
    reader = threading.Thread(target=lambda: got.append(written(outside, len(wanted) + len(question))))
    reader.start()
    for text in texts:
        writer.write(text)
    writer.stop()
    reader.join(PATIENCE_SECONDS)
    assert b"".join(got).replace(question, b"", 1) == wanted


def test_a_terminal_that_takes_nothing_holds_nobody_up(terminal: tuple[int, int]) -> None:
    _, inside = terminal
    os.set_blocking(inside, False)
    while select.select([], [inside], [], 0.1)[1]:  # what was written makes room once more while the kernel moves it on
        with suppress(BlockingIOError):
            os.write(inside, b"x" * 65536)
    os.set_blocking(inside, True)
    writer = QuickWriter(os.fdopen(os.dup(inside), "w", encoding="utf-8"))  # its thread does not run
    for _ in range(20):
        writer.write("y" * 1000)
    assert writer._queue.qsize() == 20
