"""What a board shows of a room, as data."""

from __future__ import annotations

from typing import Literal

import msgspec

from engine.course.model import Text
from engine.messages import Message


class StepOutline(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the course, as much of it as a board needs."""

    id: str
    number: str
    title: Text
    lesson: int
    lesson_title: Text
    planned_seconds: float
    """What the course allows for it: see :mod:`engine.classroom.outline`."""


class LastCommand(msgspec.Struct, frozen=True, kw_only=True):
    """What a seat ran last."""

    text: str
    exit: int | None
    """``None``: it still runs."""
    namespace: str
    terminal: str


Need = Literal["hand", "lab-lost", "stuck", "slow", "working", "finished", "away"]
"""Why a seat wants the instructor, most urgent first: asks for help; its lab is gone; commands were tried and a check
still fails for a known reason; long over the planned time; all is well; through the course; nobody is connected."""
Help = Literal["none", "offered", "given"]
"""The instructor's typing: not asked for, offered to the learner, consented to."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One seat. Names and commands are what the learner made them: show them as plain text."""

    seat: int
    name: str | None
    connected: bool
    here: bool = True
    """Its program belongs to the hub that tells; only such a seat can be watched and helped by typing."""
    need: Need = "working"
    step: str | None = None
    """``None``: it has not told yet."""
    number: str = ""
    title: Text = Text("")
    state: Literal["todo", "done", "skipped"] = "todo"
    done: int = 0
    skipped: int = 0
    percent: int = 0
    seconds: float = 0.0
    """Time at this step, when the board was made."""
    planned_seconds: float = 0.0
    tried: int = 0
    hints: int = 0
    last: LastCommand | None = None
    check: str | None = None
    """The first check that fails, and in words why."""
    why: Message | None = None
    undone: bool = False
    """That check is an earlier step's."""
    cause: str | None = None
    """The id of the :class:`Cause` that it is counted with."""
    hand: bool = False
    watchers: int = 0
    help: Help = "none"
    free_play: bool = False
    busy: bool = False
    lab_lost: bool = False
    own_terminal: bool = False
    """``nsteps join``: a terminal and a lab of the learner's own."""
    language: str = "en"
    columns: int = 0
    rows: int = 0


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Seats that are stuck at one step on one check for one reason."""

    id: str
    step: str
    number: str
    check: str
    diagnosis: str | None
    why: Message | None
    """In words: the hint of the check's verdict, or what was observed; ``None``: time only."""
    seats: tuple[int, ...]


class StepCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many seats are at a step now, and how many have done or skipped it."""

    step: str
    here: int
    stuck: int
    passed: int


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The room as a whole."""

    seats: int = 0
    connected: int = 0
    hands: int = 0
    stuck: int = 0
    finished: int = 0
    percent: int = 0
    """The median seat's."""
    pace: float | None = None
    """The median of time taken over time planned, over all steps that seats have done: 1.5 is half as long again."""
    steps: tuple[StepCount, ...] = ()
    """Those that the room means to do, and others at which somebody is."""
    causes: tuple[Cause, ...] = ()
    """Most seats first."""


class Leading(msgspec.Struct, frozen=True, kw_only=True):
    """What the instructor has set for everybody."""

    gate: str | None = None
    frozen: bool = False
    freeze_text: str = ""
    timer_seconds: float | None = None
    """Left when the board was made; below 0 it has run out."""
    timer_text: str = ""
    demo: bool = False


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the board shows, at one moment. Rows are sorted by need."""

    at: float
    """Seconds since the epoch, by the hub's clock."""
    rows: tuple[Row, ...] = ()
    summary: Summary = Summary()
    leading: Leading = Leading()


class JournalEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Something a seat did, or was told."""

    seq: int
    at: float
    kind: str
    """``joined``, ``command``, ``step-reached``, ``step-ended``, ``hint``, ``hand``, ``help-answered``, ``order``,
    ``stuck``, ``left``."""
    step: str = ""
    text: str = ""
    """A command, a message."""
    exit: int | None = None
    terminal: str = ""
    namespace: str = ""
    detail: str = ""
    """``done``, ``skipped``, ``up``, ``down``, ``yes``, ``no``, the tag of an order, the check one is stuck on."""
    why: Message | None = None
    seconds: float = 0.0
    hints: int = 0
    tries: int = 0
