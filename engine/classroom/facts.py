"""What follows from what a seat tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from engine.classroom import bounds, desk, protocol
from engine.classroom.causes import standing_told
from engine.classroom.kept import SeatStanding
from engine.classroom.plain import plain_snapshot, plain_text
from engine.classroom.records import Records
from engine.classroom.roster import LiveSeat

if TYPE_CHECKING:
    from engine.classroom.room import Room

SHOWN_TEXT = 400
"""Characters of a command on the board; the journal has more (:data:`~engine.classroom.plain.LONGEST_TEXT`)."""


class Facts:
    """Part of a :class:`~engine.classroom.room.Room`."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def told(self, seat: LiveSeat, fact: protocol.Fact) -> None:
        """Raises :class:`~engine.classroom.protocol.ProtocolError` for a step that the course does not have."""
        step = getattr(fact, "step", None)
        if step is not None and step not in self._room.known:
            raise protocol.ProtocolError(f"there is no step {step!r}")
        match fact:
            case protocol.StandingTold():
                self._room.roster.stand(seat, standing_told(seat.standing, bounds.standing(fact), self._room.clock()))
                self._room.hub.changed()
            case protocol.CommandRan():
                fact = bounds.command(fact)
                shown = plain_text(fact.text, SHOWN_TEXT)
                place = {"namespace": fact.namespace, "terminal": fact.terminal}
                self._stand(seat, last=desk.LastCommand(text=shown, exit=fact.exit, **place))
                self._append(seat, fact)
            case protocol.StepReached() | protocol.HintShown():
                self._append(seat, fact)
            case protocol.StepEnded():
                self._ended(seat, bounds.step_ended(fact))
            case protocol.HandRaised():
                if fact.up != (seat.standing.hand_at is not None):
                    self._stand(seat, hand_at=self._room.clock() if fact.up else None)
                    self._append(seat, fact, keep=True)
            case protocol.ProgressKept():
                self._keep(seat, fact)
            case protocol.HelpAnswered():
                self._helped(seat, fact)
            case protocol.NetworkSeen():
                snapshot = plain_snapshot(fact.snapshot)
                for board in seat.network_wanted:
                    self._room.hub.answer(board, desk.NetworkTold(seat=seat.id, snapshot=snapshot))
                seat.network_wanted.clear()

    def _ended(self, seat: LiveSeat, fact: protocol.StepEnded) -> None:
        standing = seat.standing
        states = {**standing.states, fact.step: fact.state}
        paces = {**standing.paces, fact.step: fact.seconds} if fact.state == "done" else standing.paces
        self._stand(seat, states=states, paces=paces)
        self._append(seat, fact, keep=True)

    def _keep(self, seat: LiveSeat, fact: protocol.ProgressKept) -> None:
        states = {step: state for step, state in fact.progress.states.items() if state != "todo"}
        if states != seat.standing.states:
            self._stand(seat, states=states)
        number = seat.id
        done = self._room.writer.write(lambda records: records.keep_progress(number, fact.number, fact.progress))

        def safe(_: Any) -> None:
            if not done.cancelled() and done.exception() is None and seat.connected:
                self._room.hub.order(number, protocol.Acknowledged(number=fact.number))

        done.add_done_callback(safe)

    def _helped(self, seat: LiveSeat, fact: protocol.HelpAnswered) -> None:
        if fact.consent and seat.help == "none":
            return  # the offer was withdrawn meanwhile
        seat.help = "given" if fact.consent else "none"
        if not fact.consent:
            seat.helper = None
        self._append(seat, fact)
        self._room.hub.changed()

    def _stand(self, seat: LiveSeat, **changes: Any) -> None:
        self._room.roster.stand(seat, replace(seat.standing, **changes))
        self._room.hub.changed()

    def _append(self, seat: LiveSeat, fact: protocol.Fact, *, keep: bool = False) -> None:
        """Write it down; with ``keep``, where the seat stands in the same commit."""
        kind, payload, at, number = type(fact).__struct_config__.tag, protocol.encode(fact), self._room.clock(), seat.id
        standing: SeatStanding | None = seat.standing if keep else None

        def work(records: Records) -> None:
            records.append(number, str(kind), payload, at)
            if standing is not None:
                records.set_standing(number, standing)

        self._room.writer.write(work)
