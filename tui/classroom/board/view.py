"""What of the room is looked at: a filter, a search, a seat, a cause. Pure."""

from __future__ import annotations

from engine.classroom.desk import Board, Cause, RoomTold, Row, StepOutline, Target
from tui.classroom.board.words import name_of
from tui.words import Say

FILTERS = ("all", "needs", "hands", "stuck", "working", "away")
_OF_FILTER = {
    "needs": ("hand", "lab-lost", "stuck", "slow"),
    "hands": ("hand",),
    "stuck": ("stuck", "slow"),
    "working": ("working", "finished"),
    "away": ("away",),
}


class View:
    """``room`` and ``board`` are what the hub told last."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self.room = RoomTold(steps=())
        self.board = Board(at=0.0)
        self.filter = "all"
        self.query = ""
        self.cause: str | None = None
        """Only the seats stuck on it."""
        self.seat: int | None = None
        """The one that is chosen."""
        self.away: str | None = None
        """The hub cannot be reached, and why."""

    def show(self, board: Board) -> None:
        """The room is like that now. What was chosen stays chosen as long as it is there."""
        self.board = board
        if self.cause is not None and self.cause_of(self.cause) is None:
            self.cause = None
        rows = self.rows()
        if not any(row.seat == self.seat for row in rows):
            self.seat = rows[0].seat if rows else None

    def rows(self) -> tuple[Row, ...]:
        """What the filter, the search and the cause leave, by need."""
        rows = self.board.rows
        if self.filter != "all":
            rows = tuple(row for row in rows if row.need in _OF_FILTER[self.filter])
        if self.cause is not None:
            cause = self.cause_of(self.cause)
            rows = tuple(row for row in rows if cause is not None and row.seat in cause.seats)
        words = self.query.lower().split()
        return tuple(row for row in rows if all(word in self._text(row) for word in words)) if words else rows

    def row(self, seat: int | None = None) -> Row | None:
        """The row of that seat, or of the chosen one."""
        wanted = self.seat if seat is None else seat
        return next((row for row in self.board.rows if row.seat == wanted), None)

    def cause_of(self, cause: str | None) -> Cause | None:
        return next((one for one in self.board.summary.causes if one.id == cause), None)

    def step(self, step: str | None) -> StepOutline | None:
        return next((one for one in self.room.steps if one.id == step), None)

    def next_filter(self) -> None:
        """The next one, around."""
        self.filter = FILTERS[(FILTERS.index(self.filter) + 1) % len(FILTERS)]
        self.show(self.board)

    def search(self, query: str) -> None:
        self.query = query
        self.show(self.board)

    def only(self, cause: str | None) -> None:
        """Only the seats stuck on that; the same again: everybody."""
        self.cause = None if cause == self.cause else cause
        self.show(self.board)

    def everything(self) -> bool:
        """Nothing is left out any more; whether anything was."""
        narrowed = self.filter != "all" or bool(self.query) or self.cause is not None
        self.filter, self.query, self.cause = "all", "", None
        self.show(self.board)
        return narrowed

    def _text(self, row: Row) -> str:
        last = row.last.text if row.last else ""
        title = f"{row.title.en} {row.title.zh or ''}"
        return f"{name_of(row, self._say)} {row.seat} {row.number} {row.step or ''} {title} {last}".lower()


EVERYONE = Target(everyone=True)
