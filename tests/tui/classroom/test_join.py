"""``nsteps join``, in a real terminal, with a room that is the test."""

from __future__ import annotations

import asyncio
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from click.testing import CliRunner

from engine.classroom import protocol as p
from engine.classroom.protocol import fingerprint
from engine.course import load_course
from tests.cli.command_line import nsteps
from tests.tui.classroom.rooms import CODE, SECRET, FakeRoom, room
from tests.tui.test_learn import Program
from tui.cli import main
from tui.terminal.ghostty import GhosttyEmulator

F10, F11 = "\x1b[21~", "\x1b[23;2~"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path


class Joined(Program):
    """The program, whose waiting lets the room go on."""

    def __init__(self, home: Path, url: str, *more: str) -> None:
        super().__init__(home, "join", url, *more, XDG_STATE_HOME=str(home))

    async def see(self, *texts: str) -> None:
        for text in texts:
            await asyncio.to_thread(self.sees, text)

    async def end(self) -> int | None:
        return await asyncio.to_thread(self.ends)

    async def until(self, there: FakeRoom, condition: object) -> None:
        """So it is in the room; the terminal is read meanwhile, for a program waits when a terminal takes no more."""
        waiting = asyncio.ensure_future(there.until(condition))
        while not waiting.done():
            await asyncio.to_thread(self.child.expect_exact, pexpect.TIMEOUT, timeout=0.05)
        await waiting

    async def tells(self, there: FakeRoom, kind: type[p.Fact], condition: object = lambda one: True) -> None:
        """The room hears such a fact."""
        await self.until(there, lambda: any(isinstance(one, kind) and condition(one) for one in there.facts))  # type: ignore[operator]


def seat_files(home: Path) -> list[Path]:
    return sorted((home / "nsteps" / "classroom").iterdir())


@pytest.mark.lab
async def test_from_the_code_to_the_end_of_the_workshop(home: Path) -> None:
    course = load_course()
    async with room() as there:
        there.seated = p.Seated(seat=1, name="Ann", course=fingerprint(course), first="veth/create-pair")
        program = Joined(home, there.url)
        await program.see("Your name")
        program.press("Ann\r")
        await program.see("Code of the room")
        program.press("WRONG\r")
        await program.see("not the code of this room", "Code of the room")
        program.press(f"{CODE}\r")
        await program.tells(there, p.StandingTold, lambda one: not one.busy and one.failing)
        assert there.wanted[-1] == {"code": CODE, "name": "Ann"}
        [file] = seat_files(home)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

        # The instructor looks over the shoulder: the picture is in two places.
        await there.order(p.Say(text="hello in there"))
        await program.see("hello in there")
        assert not there.painted
        await there.order(p.Watched(watchers=1))
        shown = GhosttyEmulator(100, 30)

        def watched() -> bool:
            shown.feed(bytes(there.painted))
            there.painted.clear()
            text = shown.text_between((0, 0), (99, 29))
            return "watched" in text and "hello in there" in text

        await program.until(there, watched)

        # The instructor types, once the learner consents.
        await there.order(p.OfferHelp())
        await there.send(p.HELPER, b"echo early\r")
        await program.see("offers to type")
        program.press(F11)
        await program.tells(there, p.HelpAnswered, lambda one: one.consent)
        await there.send(p.HELPER, b"false\r")
        await program.tells(there, p.CommandRan)
        assert [one.text for one in there.facts if isinstance(one, p.CommandRan)] == ["false"]

        # The connection is lost, and what is done alone is told afterwards.
        there.facts.clear()
        there.known = False
        there.seated = p.Seated(seat=1, name="Ann", course=fingerprint(course))
        await there.hang_up()
        there.known = True
        await program.until(there, lambda: there.connections == 2)

        # Left, and back at the same seat without a word.
        program.press(F10)
        await program.see("To come back to your seat")
        assert await program.end() == 0
        kept = there.kept()[-1]
        assert kept.progress.step == "veth/create-pair"
        there.seated = p.Seated(seat=1, name="Ann", number=kept.number, progress=kept.progress)
        program = Joined(home, there.url)
        await program.tells(there, p.StandingTold, lambda one: one.step == "veth/create-pair")
        await program.until(there, lambda: there.connections == 3)
        await program.see("4.1")
        await there.order(p.RoomClosed())
        await program.see("The workshop is over", "nsteps goes on from it")
        assert await program.end() == 0
        assert program.progress().step == "veth/create-pair"


async def test_ctrl_c_at_a_question_ends_it(home: Path) -> None:
    program = Joined(home, "http://127.0.0.1:9")
    await program.see("Your name")
    program.press("\x03")
    assert await program.end() == 130


async def test_a_room_with_another_course_or_no_room(home: Path) -> None:
    async with room() as there:
        there.seated = p.Seated(seat=1, course="another")
        program = Joined(home, there.url, "--code", CODE, "--name", "Ann")
        await program.see("another course")
        assert await program.end() == 2
        url = there.url
    for path in seat_files(home):
        path.unlink()
    program = Joined(home, url, "--code", CODE, "--name", "Ann")
    await program.see("cannot be reached")
    assert await program.end() == 1


@pytest.mark.lab
async def test_a_seat_that_was_ones_own_is_gone_on_with_alone(home: Path) -> None:
    """The room is out of reach at the start: the lab comes all the same, and the header says so."""
    from engine.classroom.seat_file import KeptSeat, SeatFile
    from engine.session.progress import Progress

    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        progress = Progress(step="veth/create-pair")
        SeatFile(url, home / "nsteps" / "classroom").save(
            KeptSeat(url=url, seat=1, secret=SECRET, name="Ann", number=3, progress=progress)
        )
        port = unused.getsockname()[1]
        program = Joined(home, url)
        await program.see("on your own", "4.1")
    async with room(port=port) as there:  # it is there after all, and knows less than was done here
        there.seated = p.Seated(seat=1, name="Ann", number=2, progress=Progress(step="http-server/start"))
        await program.tells(there, p.ProgressKept)
        assert there.kept()[0].number > 3
        assert there.kept()[0].progress.step == "veth/create-pair"
        program.press(F10)
        assert await program.end() == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["ftp://x"], "no link to a classroom"),
        (["http://192.0.2.1:8422"], "is not encrypted"),
        (["https://192.0.2.1", "--ca", __file__], "cannot be used as a certificate authority"),
        ([], "Missing argument"),
    ],
)
def test_usage(words: list[str], says: str) -> None:
    done = CliRunner().invoke(main, ["join", *words])
    assert done.exit_code == 2
    assert says in done.output


def test_it_needs_a_terminal() -> None:
    done = nsteps("join", "http://127.0.0.1:8422")
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr
