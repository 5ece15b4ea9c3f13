"""What is done for the chosen seat, or for all who are stuck on the chosen cause."""

from __future__ import annotations

from engine.classroom import desk
from engine.classroom.desk import Target
from engine.classroom.plain import plain_words
from tui.classroom.board.base import BoardBase
from tui.classroom.board.dialogs import StepDialog
from tui.classroom.board.words import name_of


class HelpingActions(BoardBase):
    """Part of :class:`~tui.classroom.board.screen.BoardScreen`."""

    def target(self) -> tuple[Target, str] | None:
        """Whom it concerns, and what they are called: who has the focus decides."""
        if self.causes_focused:
            cause = self.view.cause_of(self.cause)
            if cause is None:
                return None
            words = plain_words(cause.why, self.language) or cause.check or self.say("cause.slow")
            return Target(cause=cause.id), self.say("dialog.cause", count=len(cause.seats), words=words)
        row = self.view.row()
        return None if row is None else (Target(seats=(row.seat,)), name_of(row, self.say))

    def action_look(self) -> None:
        """Of a seat: look over its shoulder. Of a cause: only the seats stuck on it."""
        if self.causes_focused:
            if self.cause is not None:
                self.view.only(self.cause)
                self.show()
                self.focus_seats()
            return
        row = self.view.row()
        if row is not None:
            self.app.look_at(row.seat)

    def action_say(self) -> None:
        """Words to the seat, or to all who are stuck on the cause."""
        target = self.target()
        if target is None:
            return
        to, name = target

        def given(text: str | None) -> None:
            if text:
                self.request(desk.SayTo(to=to, text=text))

        self.ask("say", given, name=name)

    def action_hint(self) -> None:
        """One more hint of the step they are at."""
        target = self.target()
        if target is not None:
            self.request(desk.PushHintTo(to=target[0]))

    def action_take(self) -> None:
        """Take the seat, or all who are stuck on the cause, to a step."""
        target = self.target()
        if target is None:
            return
        to, name = target
        row = self.view.row()

        def chosen(step: str | None) -> None:
            outline = self.view.step(step)
            if outline is not None:
                params = {"number": outline.number, "title": outline.title.in_language(self.language), "name": name}
                self.confirm("take", lambda: self.request(desk.TakeTo(to=to, step=outline.id)), **params)

        title = self.say("dialog.take", name=name)
        here = row.step if row else None
        self.app.push_screen(StepDialog(title, self.view.room.steps, self.language, self.say, here=here), chosen)

    def action_lower(self) -> None:
        """It has been seen to."""
        row = self.view.row()
        if row is not None and row.hand:
            self.request(desk.LowerHandOf(seat=row.seat))

    def action_remove(self) -> None:
        """The seat ends for good."""
        row = self.view.row()
        if row is not None and not self.causes_focused:
            seat = row.seat
            self.confirm(
                "remove", lambda: self.request(desk.RemoveSeat(seat=seat)), name=name_of(row, self.say), seat=seat
            )

    def action_journal(self) -> None:
        row = self.view.row()
        if row is not None:
            self.app.show_journal(row.seat)

    def action_network(self) -> None:
        row = self.view.row()
        if row is not None:
            self.app.show_network(row.seat)
