"""A whole room: seats driven by real protocol clients through lessons 1 to 5, typing at human speed.

    python benchmarks/classroom.py               50 seats
    python benchmarks/classroom.py 10            so many
    python benchmarks/classroom.py 10 --hurry 4  everything four times as fast as people are
    python benchmarks/classroom.py 10 --kill     and the hub is killed in the midst of it, and started again
    python benchmarks/classroom.py --attack      the keys of one seat, while another floods, and drops fork bombs

Each client is what a browser is to the hub: join page, cookie, seat, WebSocket; it reads what is painted with a
terminal emulator, types one key after another, and waits to see what a person would wait to see. Prints how many seats
finished, how long a key takes until its letter is on the screen (aim: 95 of 100 within 150 ms), the memory of an idle
and of a busy seat with everything that belongs to it, and how large a room this machine holds by that.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import copy
import os
import random
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import aiohttp

from engine.course import load_course
from engine.course.model import Command, Course, Step
from tests.classroom.hub.serving import Learner, Room, room
from tests.web.serving import Page, descendants
from tui.terminal.ghostty import GhosttyEmulator

SEATS = 50
LESSONS = 5
SIZE = (120, 36)
KEYS_PER_SECOND = 5.0
"""A person who types well."""
THINKING_SECONDS = (1.0, 4.0)
READING_SECONDS = (3.0, 10.0)
JOINING_SECONDS = 20.0
"""A room sits down within this time."""
PATIENCE_SECONDS = 120.0
AIM_MILLISECONDS = 150
SHARE = 0.8
"""Of the memory and of the processors that a room may use."""
ATTACKS = {
    "100 MB of output": "head -c 100000000 /dev/zero | tr '\\0' x | fold -w 60",
    "a fork bomb": "bomb() { bomb | bomb & }; bomb",
    "processes that burn, a session each": "while :; do setsid bash -c 'while :; do :; done' & done",
    "memory": "python3 -c 'x = [bytearray(b\"x\" * 10**7) for _ in range(10**6)]'",
}
ATTACK_KEYS = 30
NEXT, ENTER = "\x1b[15~", "\r"
BUSY = "◌"
LESSON_END = "Enter goes on"


class Person:
    """One learner at one browser."""

    def __init__(self, number: int, course: Course, hurry: float) -> None:
        self.number = number
        self.echoes: list[float] = []
        self.joined_seconds = 0.0
        self.finished = False
        self.trouble = ""
        self._steps: list[Step] = [step for lesson in course.lessons[:LESSONS] for step in lesson.steps]
        self._hurry = hurry
        self._random = random.Random(number)
        self._page: Page | None = None
        self._painted = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None

    async def sit(self, room: Room, learner: Learner) -> None:
        """Join, or come back, and see the first prompt."""
        began = time.monotonic()
        if not learner.session.cookie_jar.filter_cookies(room.origin):  # type: ignore[arg-type]
            status, told = await learner.join(f"Learner {self.number}")
            assert status == 200, told
        await self._open(learner)
        await self.until(lambda: self._prompt(), "a prompt")
        self.joined_seconds = time.monotonic() - began

    async def _open(self, learner: Learner) -> None:
        self._page = await learner.look(take=True, columns=SIZE[0], rows=SIZE[1])
        self._page.emulator = GhosttyEmulator(*SIZE)
        self._reader = asyncio.create_task(self._read(self._page))

    async def _read(self, page: Page) -> None:
        async for message in page.socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                page.emulator.feed(message.data)
                self._painted.set()
        self._painted.set()

    async def back(self, learner: Learner) -> None:
        """As the page does when its connection is lost: ask until the hub is there again."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    await self._open(learner)
                    break
                except (aiohttp.ClientError, OSError, AssertionError):
                    await asyncio.sleep(1)
        await self.until(lambda: self.step in self._numbers and BUSY not in self._text, "the seat again")

    @property
    def step(self) -> str:
        """The number of the step in the header."""
        found = re.search(r"› +(\d+\.\d+) ", self._text.split("\n")[0])
        return found[1] if found else ""

    @property
    def _numbers(self) -> list[str]:
        return [step.number for step in self._steps]

    async def work(self) -> None:
        """Lessons 1 to 5, from the step that is on the screen."""
        await self.until(lambda: self.step, "a step")
        for step in self._steps[self._numbers.index(self.step) :]:
            await self.until(lambda step=step: self.step == step.number, f"step {step.number}")
            await self._pause(READING_SECONDS)
            for command in step.commands:
                await self._perform(command)
                await self._pause(THINKING_SECONDS)
            await self.until(lambda: "Step done" in self._text, f"step {step.number} done")
            await self._type_raw(NEXT)
            await self.until(lambda step=step: self.step != step.number or LESSON_END in self._text, "the next step")
            if LESSON_END in self._text:
                await self._pause(READING_SECONDS)
                await self._type_raw(ENTER)
                await self.until(lambda: LESSON_END not in self._text, "the next lesson")
        self.finished = True

    async def keys(self, count: int) -> str:
        """How long so many keys at the prompt take to come back."""
        took: list[float] = []
        typed = ""
        for _ in range(count):
            letter = self._random.choice("abcdefghijklmnopqrstuvwxyz")
            typed += letter
            began = time.monotonic()
            await self._type_raw(letter)
            await self.until(lambda typed=typed: self._flat.endswith("$" + typed), f"the echo of {typed}")
            took.append(1000 * (time.monotonic() - began))
            await asyncio.sleep(0.1)
        await self._type_raw("\x15")
        await self.until(self._prompt, "an empty prompt")
        took.sort()
        return f"median {statistics.median(took):.0f} ms, 95th percentile {took[int(0.95 * count)]:.0f} ms"

    async def attack(self, command: str) -> None:
        """Type it, and look at nothing any more."""
        assert self._page is not None
        await self._page.type(command + ENTER)

    async def _perform(self, command: Command) -> None:
        await self._front(command.terminal)
        await self.until(self._prompt, f"a prompt in {command.terminal}")
        typed = ""
        for letter in command.text:
            typed += letter.strip()
            began = time.monotonic()
            await self._type_raw(letter)
            if letter != " ":
                await self.until(lambda typed=typed: self._flat.endswith(typed[-24:]), f"the echo of {typed}")
                self.echoes.append(time.monotonic() - began)
            await self._wait(self._random.expovariate(KEYS_PER_SECOND))
        await self._type_raw(ENTER)
        await self.until(lambda: not self._flat.endswith(typed[-24:]), f"what {typed} prints")
        await self.until(self._serves if command.runs else self._prompt, f"the end of {typed}")

    async def _front(self, terminal: str) -> None:
        """Click its tab."""

        def tab() -> int:
            return self._text.split("\n")[1].find(terminal)

        await self.until(lambda: tab() >= 0, f"the tab of {terminal}")
        at = f"{tab() + 1};2"
        await self._type_raw(f"\x1b[<0;{at}M\x1b[<0;{at}m")
        await self._wait(0.5)

    # -- the screen ------------------------------------------------------------------------------------------------

    @property
    def _text(self) -> str:
        assert self._page is not None
        return self._page.text

    @property
    def _terminal(self) -> list[str]:
        """The lines of the terminal pane: right of the lesson, above the drawing."""
        lines: list[str] = []
        for line in self._text.split("\n")[2:]:
            _, bar, right = line.partition("▏")
            if not bar or right.startswith("▔▔"):
                break
            lines.append(right[1:].rstrip())
        return lines

    @property
    def _flat(self) -> str:
        """The terminal's text without any blanks: where a line is broken they cannot be seen."""
        return "".join(self._terminal).replace(" ", "")

    def _prompt(self) -> bool:
        return BUSY not in self._text and re.search(r"[$#]$", self._flat) is not None

    def _serves(self) -> bool:
        return "ServingHTTP" in self._flat

    async def until(self, condition: object, what: str) -> None:
        """Wait until it holds; looks whenever something has been painted."""
        assert callable(condition)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not condition():
                    self._painted.clear()
                    await self._painted.wait()
        except TimeoutError:
            raise RuntimeError(f"learner {self.number} never saw {what}:\n{self._text}") from None

    async def _type_raw(self, keys: str) -> None:
        assert self._page is not None
        await self._page.type(keys)

    async def _pause(self, between: tuple[float, float]) -> None:
        await self._wait(self._random.uniform(*between))

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._hurry)


# -- what the machine says -------------------------------------------------------------------------------------------


def resident_kib(pids: set[int]) -> int:
    """Proportional set size: memory that several share is divided among them."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
            total += int(found[1]) if found else 0
    return total


def available_kib() -> int:
    found = re.search(r"^MemAvailable:\s+(\d+)", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def processor_seconds(pids: set[int]) -> float:
    """Of those processes and of their children that have ended."""
    ticks = 0
    for pid in pids:
        with contextlib.suppress(OSError, ValueError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


class Measured:
    """The room's processes: the hub, the seats' parent, and the seats."""

    def __init__(self, room: Room, seats: int) -> None:
        self._room = room
        self._seats = seats
        self._alone = resident_kib(self.pids())

    def of(self, room: Room) -> Measured:
        """The same for the hub that was started again."""
        again = copy.copy(self)
        again._room = room
        return again

    def pids(self) -> set[int]:
        return descendants(self._room.process.pid) | {self._room.process.pid}

    @property
    def alone_mib(self) -> float:
        """The hub and the parent before anybody joined."""
        return self._alone / 1024

    def memory_mib(self) -> float:
        """What each seat adds, with its lab, its shells and all its other processes."""
        return (resident_kib(self.pids()) - self._alone) / 1024 / self._seats


async def run(seats: int, hurry: float, kill: bool) -> bool:
    course = load_course()
    people = [Person(number, course, hurry) for number in range(1, seats + 1)]
    async with contextlib.AsyncExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "room"
        here = await stack.enter_async_context(room(data, "--seats", str(seats)))
        learners = [await stack.enter_async_context(Learner(here.origin)) for _ in people]
        await asyncio.sleep(2)  # the parent of the seats imports
        measured = Measured(here, seats)
        free = available_kib()
        await asyncio.gather(
            *(
                _after(JOINING_SECONDS / hurry * number / seats, person.sit(here, learner))
                for number, (person, learner) in enumerate(zip(people, learners, strict=True))
            )
        )
        await asyncio.sleep(2)
        idle, idle_kernel = measured.memory_mib(), (free - available_kib()) / 1024 / seats
        print(
            f"{seats} seats joined; a seat is there after {statistics.median(p.joined_seconds for p in people):.2f} s "
            f"(the slowest: {max(p.joined_seconds for p in people):.2f} s)"
        )
        print(
            f"idle: {idle:.1f} MiB for each seat (PSS, all its processes), {idle_kernel:.1f} MiB less available memory"
        )
        began, spent = time.monotonic(), processor_seconds(measured.pids())
        working = [asyncio.create_task(_work(person)) for person in people]
        if kill:
            await asyncio.sleep(60 / hurry)
            here = await _kill_and_return(stack, here, data, people, learners, seats, working)
            measured = measured.of(here)
            began, spent = time.monotonic(), processor_seconds(measured.pids())
            working = [asyncio.create_task(_work(person)) for person in people]
        await asyncio.wait(working)
        seconds = time.monotonic() - began
        busy, busy_kernel = measured.memory_mib(), (free - available_kib()) / 1024 / seats
        used = (processor_seconds(measured.pids()) - spent) / seconds / seats
    return _report(people, seats, idle, busy, max(busy, busy_kernel), used, free)


async def _kill_and_return(
    stack: contextlib.AsyncExitStack,
    here: Room,
    data: Path,
    people: list[Person],
    learners: list[Learner],
    seats: int,
    working: list[asyncio.Task[None]],
) -> Room:
    """``kill -9`` of the hub while everybody types; everybody comes back to the step where they were."""
    at = [person.step for person in people]
    for task in working:
        task.cancel()
    await asyncio.gather(*working, return_exceptions=True)
    here.process.kill()
    await here.process.wait()
    began = time.monotonic()
    again = await stack.enter_async_context(room(data, "--seats", str(seats), port=here.port))
    await asyncio.gather(*(person.back(learner) for person, learner in zip(people, learners, strict=True)))
    same = sum(person.step == before for person, before in zip(people, at, strict=True))
    print(f"hub killed: {same} of {seats} at the step where they were, after {time.monotonic() - began:.1f} s")
    return again


async def attack() -> None:
    """What the keys of one seat feel of the attacks from another."""
    course = load_course()
    async with contextlib.AsyncExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "room"
        here = await stack.enter_async_context(room(data))
        ada = Person(1, course, 1.0)
        await ada.sit(here, await stack.enter_async_context(Learner(here.origin)))
        print(f"{'quiet':40} {await ada.keys(ATTACK_KEYS)}")
        for number, (name, command) in enumerate(ATTACKS.items(), 2):
            mallory = Person(number, course, 1.0)
            learner = await stack.enter_async_context(Learner(here.origin))
            await mallory.sit(here, learner)
            await mallory.attack(command)
            await asyncio.sleep(1)
            for moment in ("at once", "then"):
                print(f"{name + ', ' + moment:40} {await ada.keys(ATTACK_KEYS)}")
            async with learner.session.post(f"{here.origin}/leave", headers={"Origin": here.origin}) as answer:
                assert answer.status == 200


async def _after(seconds: float, work: object) -> None:
    await asyncio.sleep(seconds)
    await work  # type: ignore[misc]


async def _work(person: Person) -> None:
    try:
        await person.work()
    except (RuntimeError, AssertionError, aiohttp.ClientError, OSError) as error:
        person.trouble = f"{type(error).__name__}: {error}"


def _report(
    people: list[Person], seats: int, idle: float, busy: float, cost: float, used: float, free_kib: int
) -> bool:
    for person in people:
        if person.trouble:
            print(person.trouble, file=sys.stderr)
    finished = sum(person.finished for person in people)
    echoes = sorted(echo * 1000 for person in people for echo in person.echoes)
    print(f"finished: {finished} of {seats}")
    if echoes:
        at = {share: echoes[min(len(echoes) - 1, int(share * len(echoes)))] for share in (0.5, 0.95, 0.99)}
        print(
            f"key to letter, {len(echoes)} keys: median {at[0.5]:.0f} ms, 95th percentile {at[0.95]:.0f} ms, "
            f"99th {at[0.99]:.0f} ms (aim: 95th below {AIM_MILLISECONDS} ms)"
        )
    print(f"busy: {busy:.1f} MiB for each seat (PSS), {used * 100:.1f} % of one processor")
    memory, cpus = int(free_kib / 1024 * SHARE / cost), os.cpu_count() or 1
    print(
        f"by memory this machine holds {memory} seats, by its {cpus} processors {int(cpus * SHARE / max(used, 1e-6))}"
    )
    return finished == seats and bool(echoes) and at[0.95] < AIM_MILLISECONDS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seats", type=int, nargs="?", default=SEATS)
    parser.add_argument("--hurry", type=float, default=1.0)
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--attack", action="store_true")
    words = parser.parse_args()
    if words.attack:
        asyncio.run(attack())
        return
    sys.exit(not asyncio.run(run(words.seats, words.hurry, words.kill)))


if __name__ == "__main__":
    main()
