"""What the instructor's board and the hub say to each other.

A board is a client of the hub, in the instructor's terminal or browser; a room may have several. Over its WebSocket
text messages are JSON: a board *requests* (:data:`Request`), the hub *answers* (:data:`Answer`), :class:`RoomTold`
first. Binary messages are :func:`frame`\\ s: what the screen of a watched seat paints, what the instructor types there.
"""

from __future__ import annotations

import msgspec

from engine.classroom.protocol import ProtocolError
from engine.classroom.shown import Board as Board
from engine.classroom.shown import Cause as Cause
from engine.classroom.shown import Help as Help
from engine.classroom.shown import JournalEntry as JournalEntry
from engine.classroom.shown import LastCommand as LastCommand
from engine.classroom.shown import Leading as Leading
from engine.classroom.shown import Need as Need
from engine.classroom.shown import Row as Row
from engine.classroom.shown import StepCount as StepCount
from engine.classroom.shown import StepOutline as StepOutline
from engine.classroom.shown import Summary as Summary
from engine.messages import Message
from engine.network.snapshot import Snapshot

DEMO = 0
"""In place of a seat's number: the instructor's demo. Seats count from 1."""


# -- requests: from a board to the hub ---------------------------------------------------------------------------------


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Whom it concerns: these seats, those stuck on a cause, or everybody."""

    seats: tuple[int, ...] = ()
    cause: str | None = None
    everyone: bool = False


class SetGate(msgspec.Struct, frozen=True, kw_only=True, tag="set-gate"):
    """Nobody past that step; ``None``: open."""

    last: str | None


class SetFreeze(msgspec.Struct, frozen=True, kw_only=True, tag="set-freeze"):
    on: bool
    text: str = ""


class TakeTo(msgspec.Struct, frozen=True, kw_only=True, tag="take"):
    """Take these seats to a step, each in a fresh lab brought there; their own work is kept."""

    to: Target
    step: str


class SayTo(msgspec.Struct, frozen=True, kw_only=True, tag="say"):
    to: Target
    text: str


class PushHintTo(msgspec.Struct, frozen=True, kw_only=True, tag="push-hint"):
    """One more hint of the step each is at."""

    to: Target


class SetTimer(msgspec.Struct, frozen=True, kw_only=True, tag="set-timer"):
    """An exercise of so many seconds; ``None`` ends it."""

    seconds: float | None
    text: str = ""


class Watch(msgspec.Struct, frozen=True, kw_only=True, tag="watch"):
    """Look over that seat's shoulder (or at the demo): :class:`ScreenSized`, then its screen in frames."""

    seat: int


class Unwatch(msgspec.Struct, frozen=True, kw_only=True, tag="unwatch"):
    seat: int


class OfferHelpTo(msgspec.Struct, frozen=True, kw_only=True, tag="offer-help"):
    """Ask that learner whether this board may type as well; the row's ``help`` tells the answer."""

    seat: int


class LetGo(msgspec.Struct, frozen=True, kw_only=True, tag="let-go"):
    """No more typing there."""

    seat: int


class LowerHandOf(msgspec.Struct, frozen=True, kw_only=True, tag="lower-hand"):
    seat: int


class WantJournal(msgspec.Struct, frozen=True, kw_only=True, tag="want-journal"):
    """The entries after that ``seq``, in order, the latest :data:`JOURNAL_ENTRIES` at most."""

    seat: int
    after: int = 0


class WantNetworkOf(msgspec.Struct, frozen=True, kw_only=True, tag="want-network"):
    seat: int


class RemoveSeat(msgspec.Struct, frozen=True, kw_only=True, tag="remove-seat"):
    """It ends, and its secret opens nothing any more."""

    seat: int


class StartDemo(msgspec.Struct, frozen=True, kw_only=True, tag="start-demo"):
    """Show the instructor's demo of these steps on every screen; it is watched and typed into as seat :data:`DEMO`."""

    first: str | None = None
    last: str | None = None


class StopDemo(msgspec.Struct, frozen=True, kw_only=True, tag="stop-demo"):
    pass


class EndRoom(msgspec.Struct, frozen=True, kw_only=True, tag="end-room"):
    """The workshop is over: every seat keeps its progress and ends, and the hub with them."""


Request = (
    SetGate
    | SetFreeze
    | TakeTo
    | SayTo
    | PushHintTo
    | SetTimer
    | Watch
    | Unwatch
    | OfferHelpTo
    | LetGo
    | LowerHandOf
    | WantJournal
    | WantNetworkOf
    | RemoveSeat
    | StartDemo
    | StopDemo
    | EndRoom
)
JOURNAL_ENTRIES = 500


# -- answers: from the hub to a board ----------------------------------------------------------------------------------


class RoomTold(msgspec.Struct, frozen=True, kw_only=True, tag="room"):
    """The first answer: what does not change while the room lasts."""

    steps: tuple[StepOutline, ...]
    """The whole course's."""
    link: str = ""
    code: str = ""
    limit: int = 0
    """So many seats at most."""


class BoardTold(msgspec.Struct, frozen=True, kw_only=True, tag="board"):
    """The room now. Told when something changes, a few times a second at most, and every few seconds anyway."""

    board: Board


class JournalTold(msgspec.Struct, frozen=True, kw_only=True, tag="journal"):
    seat: int
    entries: tuple[JournalEntry, ...]


class NetworkTold(msgspec.Struct, frozen=True, kw_only=True, tag="network"):
    """``None``: the seat has no lab just now."""

    seat: int
    snapshot: Snapshot | None


class ScreenSized(msgspec.Struct, frozen=True, kw_only=True, tag="screen-sized"):
    """The watched screen has this size from here on; everything is painted anew."""

    seat: int
    columns: int
    rows: int


class WatchEnded(msgspec.Struct, frozen=True, kw_only=True, tag="watch-ended"):
    """There is nothing to be watched there any more."""

    seat: int


class Noted(msgspec.Struct, frozen=True, kw_only=True, tag="noted"):
    """It is done, and to how many."""

    message: Message


class Denied(msgspec.Struct, frozen=True, kw_only=True, tag="denied"):
    """It is not done, and why."""

    message: Message


class RoomEnded(msgspec.Struct, frozen=True, kw_only=True, tag="room-ended"):
    """The last answer."""


Answer = RoomTold | BoardTold | JournalTold | NetworkTold | ScreenSized | WatchEnded | Noted | Denied | RoomEnded

_REQUESTS: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_ANSWERS: msgspec.json.Decoder[Answer] = msgspec.json.Decoder(Answer)


def encode(what: Request | Answer) -> str:
    """The text message that says it."""
    return msgspec.json.encode(what).decode()


def request(text: str | bytes) -> Request:
    """What a board requested. Raises :class:`~engine.classroom.protocol.ProtocolError`."""
    try:
        requested: Request = _REQUESTS.decode(text)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ProtocolError(str(error)) from error
    return requested


def answer(text: str | bytes) -> Answer:
    """What the hub answered. Raises :class:`~engine.classroom.protocol.ProtocolError`."""
    try:
        answered: Answer = _ANSWERS.decode(text)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ProtocolError(str(error)) from error
    return answered


_SEAT_BYTES = 4


def frame(seat: int, payload: bytes) -> bytes:
    """A binary message: the seat's number (four bytes, big endian), then what it paints or what is typed there."""
    return seat.to_bytes(_SEAT_BYTES, "big") + payload


def framed(message: bytes) -> tuple[int, bytes]:
    """The seat and the payload of a binary message. Raises :class:`~engine.classroom.protocol.ProtocolError`."""
    if len(message) < _SEAT_BYTES:
        raise ProtocolError("a frame is shorter than its head")
    return int.from_bytes(message[:_SEAT_BYTES], "big"), message[_SEAT_BYTES:]
