"""What a seat and the hub say to each other.

A seat is one learner's program: a process of the hub's, or somebody's own (``nsteps join``). It tells *facts*, in the
past tense; the hub gives *orders*. Both travel as packets beside the picture and the keys (:data:`PACKET_KINDS`), over
a socket pair or a WebSocket; their payload is JSON.
"""

from __future__ import annotations

import hashlib
from typing import Literal

import msgspec

from engine.course.model import Course
from engine.messages import Message
from engine.network.snapshot import Snapshot
from engine.session.progress import Progress

SCREEN = b"D"
"""From a seat: what it paints. To a seat: what is typed at its page."""
FACT = b"F"
ORDER = b"O"
MIRROR = b"V"
"""To a seat: what the instructor's demo paints."""
HELPER = b"H"
"""To a seat: what the instructor types. The seat itself heeds it only while its learner consents."""
PACKET_KINDS = (SCREEN, FACT, ORDER, MIRROR, HELPER)


class ProtocolError(ValueError):
    """The other side does not keep to the protocol."""


# -- facts: from a seat to the hub -------------------------------------------------------------------------------------


class Failing(msgspec.Struct, frozen=True, kw_only=True):
    """A check of the current step (or an earlier one's that no longer holds) that fails, and why."""

    check: str
    diagnosis: str | None = None
    """A key of the table "says" in the lesson format: what kind of slip it is."""
    hint: Message | None = None
    """The likeliest slip, from the lab's actual state."""
    observed: Message | None = None
    undone: bool = False
    """It is an earlier step's check: what was built has been broken since."""


class StandingTold(msgspec.Struct, frozen=True, kw_only=True, tag="standing"):
    """Where the learner is. Sent when something of it changes, at most a few times a second."""

    step: str
    state: Literal["todo", "done", "skipped"]
    percent: int
    step_seconds: float
    """Time spent at this step so far."""
    tried: int = 0
    """Commands run since the step began."""
    hints: int = 0
    failing: tuple[Failing, ...] = ()
    free_play: bool = False
    busy: bool = False
    lab_lost: bool = False
    language: str = "en"
    columns: int = 0
    rows: int = 0
    own_terminal: bool = False
    """``nsteps join``: a terminal and a lab of the learner's own."""


class CommandRan(msgspec.Struct, frozen=True, kw_only=True, tag="command"):
    """A command has ended, or (``exit`` is ``None``) a server or the like was started and still runs."""

    step: str
    terminal: str
    namespace: str
    text: str
    exit: int | None


class StepReached(msgspec.Struct, frozen=True, kw_only=True, tag="step-reached"):
    """The learner is at another step."""

    step: str


class StepEnded(msgspec.Struct, frozen=True, kw_only=True, tag="step-ended"):
    """The step was done or skipped for the first time. ``tries``: commands run in it."""

    step: str
    state: Literal["done", "skipped"]
    seconds: float
    hints: int
    tries: int


class HintShown(msgspec.Struct, frozen=True, kw_only=True, tag="hint"):
    """The learner has seen that many hints of the step; ``solution``: its commands as well."""

    step: str
    hints: int
    solution: bool = False


class HandRaised(msgspec.Struct, frozen=True, kw_only=True, tag="hand"):
    """The learner asks for help (``up``), or no longer."""

    up: bool


class ProgressKept(msgspec.Struct, frozen=True, kw_only=True, tag="progress"):
    """All that is needed to come back to this place; :class:`Acknowledged` says that it is safe."""

    number: int
    progress: Progress


class HelpAnswered(msgspec.Struct, frozen=True, kw_only=True, tag="help-answered"):
    """The learner consents to the instructor's typing (or not, or no longer)."""

    consent: bool


class NetworkSeen(msgspec.Struct, frozen=True, kw_only=True, tag="network"):
    """The answer to :class:`WantNetwork`."""

    snapshot: Snapshot | None


Fact = (
    StandingTold
    | CommandRan
    | StepReached
    | StepEnded
    | HintShown
    | HandRaised
    | ProgressKept
    | HelpAnswered
    | NetworkSeen
)


# -- orders: from the hub to a seat ------------------------------------------------------------------------------------


class Seated(msgspec.Struct, frozen=True, kw_only=True, tag="seated"):
    """Whose seat this is and what it goes on from. To ``nsteps join``: the first packet, anew at each connection."""

    seat: int
    name: str | None = None
    course: str = ""
    """The :func:`fingerprint` of the room's course; another one's steps mean nothing here."""
    first: str | None = None
    """The id of the step at which a seat without progress begins; ``None``: the course's first."""
    language: str | None = None
    """The language of a seat whose learner has chosen none."""
    progress: Progress | None = None
    number: int = 0
    """Of the last :class:`ProgressKept` that was written down for good; a seat counts on from it."""


class Acknowledged(msgspec.Struct, frozen=True, kw_only=True, tag="acknowledged"):
    """Every :class:`ProgressKept` up to that number has been written down for good."""

    number: int


class Gate(msgspec.Struct, frozen=True, kw_only=True, tag="gate"):
    """``last``: the id of the last step that may be reached; ``None``: the way is open."""

    last: str | None


class Freeze(msgspec.Struct, frozen=True, kw_only=True, tag="freeze"):
    """Everyone looks up: the keyboard does nothing, the screen says so, with the instructor's words if there are."""

    on: bool
    text: str = ""


class Take(msgspec.Struct, frozen=True, kw_only=True, tag="take"):
    """Go to that step, in a fresh lab brought there; the learner's own work is kept and can be gone back to."""

    step: str


class Say(msgspec.Struct, frozen=True, kw_only=True, tag="say"):
    """The instructor's words, shown as text whatever they contain."""

    text: str


class PushHint(msgspec.Struct, frozen=True, kw_only=True, tag="push-hint"):
    """Show the learner one more hint of the step at hand, as if asked for."""


class Timer(msgspec.Struct, frozen=True, kw_only=True, tag="timer"):
    """An exercise's time: that many seconds are left; ``None`` ends it."""

    seconds: float | None
    text: str = ""


class Watched(msgspec.Struct, frozen=True, kw_only=True, tag="watched"):
    """So many are looking over the learner's shoulder; the learner sees it. Whenever it is told and somebody
    watches, paint everything anew: it may be somebody else."""

    watchers: int


class OfferHelp(msgspec.Struct, frozen=True, kw_only=True, tag="offer-help"):
    """Ask whether the instructor may type as well. ``on=False``: the instructor has let go."""

    on: bool = True


class LowerHand(msgspec.Struct, frozen=True, kw_only=True, tag="lower-hand"):
    """The instructor has seen to it."""


class HandUp(msgspec.Struct, frozen=True, kw_only=True, tag="hand-up"):
    """Its hand is up, for a seat that has begun anew and does not know."""


class Mirror(msgspec.Struct, frozen=True, kw_only=True, tag="mirror"):
    """The instructor's demo is shown read-only, painted by :data:`MIRROR` packets; ``on=False`` ends it."""

    on: bool
    columns: int = 80
    rows: int = 24


class WantNetwork(msgspec.Struct, frozen=True, kw_only=True, tag="want-network"):
    """Tell :class:`NetworkSeen`."""


class Attached(msgspec.Struct, frozen=True, kw_only=True, tag="attached"):
    """A page of that size looks at the screen now: set the terminal's modes and paint everything anew."""

    columns: int
    rows: int


class Detached(msgspec.Struct, frozen=True, kw_only=True, tag="detached"):
    """No page looks; paint nothing until :class:`Attached` (or :class:`Watched`)."""


class RoomClosed(msgspec.Struct, frozen=True, kw_only=True, tag="room-closed"):
    """The workshop is over (or this seat was removed): keep the progress, end."""


Order = (
    Seated
    | Acknowledged
    | Gate
    | Freeze
    | Take
    | Say
    | PushHint
    | Timer
    | Watched
    | OfferHelp
    | LowerHand
    | HandUp
    | Mirror
    | WantNetwork
    | Attached
    | Detached
    | RoomClosed
)

_FACTS: msgspec.json.Decoder[Fact] = msgspec.json.Decoder(Fact)
_ORDERS: msgspec.json.Decoder[Order] = msgspec.json.Decoder(Order)


def fingerprint(course: Course) -> str:
    """Tells courses apart: two of the same have the same steps with the same commands, in the same order."""
    steps = [(step.id, [command.text for command in step.commands]) for step in course.steps]
    return hashlib.sha256(msgspec.json.encode(steps)).hexdigest()[:16]


def encode(what: Fact | Order) -> bytes:
    """The payload of a packet."""
    return msgspec.json.encode(what)


def fact(payload: bytes) -> Fact:
    """What a seat told. Raises :class:`ProtocolError`."""
    try:
        told: Fact = _FACTS.decode(payload)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ProtocolError(str(error)) from error
    return told


def order(payload: bytes) -> Order:
    """What the hub ordered. Raises :class:`ProtocolError`."""
    try:
        ordered: Order = _ORDERS.decode(payload)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ProtocolError(str(error)) from error
    return ordered
