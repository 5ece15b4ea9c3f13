"""A seat's process with a real lab, at the other end of a socket to a hub that is the test."""

from __future__ import annotations

import pytest

from engine.classroom import protocol as p
from tests.tui.classroom.fake_hub import FakeHub, seated
from tui.classroom.seating import SeatSeating
from tui.web.packets import Quit

F11 = "\x1b[23;2~"


def seating(**more: object) -> SeatSeating:
    fields: dict[str, object] = {"seat": 1, "name": "Ann", "columns": 80, "rows": 24, "language": "en", **more}
    return SeatSeating(**fields)  # type: ignore[arg-type]


async def prompt(hub: FakeHub) -> None:
    await hub.told(p.StandingTold, lambda one: not one.busy and one.failing)


@pytest.mark.lab
async def test_a_seat_works_is_left_looked_at_led_and_comes_back() -> None:
    async with seated(seating()) as hub:
        await prompt(hub)
        assert hub.painted == 0, "nobody looks yet"

        hub.order(p.Attached(columns=80, rows=24))
        await hub.sees("you@lab")
        hub.type("false\r")
        assert (await hub.told(p.CommandRan)).exit == 1

        # The page is gone: the lab goes on. Another one, of another size, sees everything.
        hub.order(p.Detached())
        hub.type("seq 3 | tr '\\n' -\r")
        await hub.told(p.CommandRan, lambda one: one.text.startswith("seq"))
        hub.screen.resize(100, 30)
        hub.order(p.Attached(columns=100, rows=30))
        await hub.sees("1-2-3-")
        assert (await hub.told(p.StandingTold, lambda one: one.columns == 100)).rows == 30

        # The instructor types only after consent, and not any more once it is withdrawn.
        hub.order(p.OfferHelp())
        hub.send(p.HELPER, b"echo early\r")
        await hub.sees("offers to type")
        hub.type(F11)
        await hub.told(p.HelpAnswered, lambda one: one.consent)
        hub.send(p.HELPER, b"echo helped\x1b[21~\r")  # with F10 in it, which is not theirs to press
        await hub.told(p.CommandRan, lambda one: one.text == "echo helped")
        hub.type(F11)
        await hub.told(p.HelpAnswered, lambda one: not one.consent)
        hub.send(p.HELPER, b"echo late\r")

        # Everyone looks up: what is typed meanwhile goes nowhere.
        hub.order(p.Freeze(on=True, text="to the wall"))
        await hub.sees("to the wall")
        hub.type("echo frozen\r")
        hub.order(p.Freeze(on=False), p.WantNetwork())
        snapshot = (await hub.told(p.NetworkSeen)).snapshot
        assert snapshot.namespace("host").link("enp4s0") is not None

        # Taken to a step behind the gate; own work waits, and is part of what the hub keeps.
        hub.order(p.Gate(last="http-server/start"), p.Take(step="veth/create-pair"))
        await hub.told(p.StepReached, lambda one: one.step == "veth/create-pair")
        kept = await hub.told(p.ProgressKept, lambda one: one.progress.aside)
        hub.order(p.Acknowledged(number=kept.number))
        await hub.sees("brings it back")

        hub.tell(Quit())
        await hub.until(lambda: hub.last, "the end")
        texts = [one.text for one in hub.of(p.CommandRan)]
        assert texts == ["false", "seq 3 | tr '\\n' -", "echo helped"]
        last = hub.of(p.ProgressKept)[-1]
        assert hub.last is not None and hub.last.exit == 0

    async with seated(seating(progress=last.progress, progress_number=last.number)) as hub:
        assert (await hub.told(p.StepReached)).step == "veth/create-pair"
        await prompt(hub)
        hub.order(p.Attached(columns=80, rows=24))
        await hub.sees("4.1")
        hub.type("\x1d")
        await hub.sees("Terminal")
        hub.type("z")
        await hub.told(p.StepReached, lambda one: one.step == "http-server/start")
        hub.order(p.RoomClosed())
        await hub.until(lambda: hub.last, "the end")
        assert hub.of(p.ProgressKept)[0].number == last.number + 1
        assert hub.last is not None and "nsteps --step http-server/start" in hub.last.text
