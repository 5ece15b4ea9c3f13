"""What concerns everybody: gate, freeze, take, timer, demo, the end. Each asks first."""

from __future__ import annotations

from engine.classroom import desk
from tui.classroom.board.base import BoardBase
from tui.classroom.board.dialogs import OPEN, Confirm, StepDialog, read_time
from tui.classroom.board.view import EVERYONE
from tui.classroom.board.words import clock


class LeadingActions(BoardBase):
    """Part of :class:`~tui.classroom.board.screen.BoardScreen`."""

    def action_gate(self) -> None:
        """Nobody past a step, or the way is open."""
        say, gate = self.say, self.view.board.leading.gate

        def chosen(step: str | None) -> None:
            if step is not None:
                self.request(desk.SetGate(last=step if step != OPEN else None))

        here = OPEN if gate else self._furthest()
        steps, language = self.view.room.steps, self.language
        dialog = StepDialog(say("dialog.gate"), steps, language, say, here=here, first=say("dialog.gate-open"))
        self.app.push_screen(dialog, chosen)

    def _furthest(self) -> str | None:
        """The last step that anybody is at."""
        here = [one.step for one in self.view.board.summary.steps if one.here]
        return here[-1] if here else None

    def action_freeze(self) -> None:
        """Everyone looks up; the same again lets them go on."""
        if self.view.board.leading.frozen:
            self.request(desk.SetFreeze(on=False))
            return

        def given(text: str | None) -> None:
            if text is not None:
                self.request(desk.SetFreeze(on=True, text=text))

        self.ask("freeze", given)

    def action_timer(self) -> None:
        """An exercise's time; while one runs: end it."""

        def given(text: str | None) -> None:
            if text is None:
                return
            time = read_time(text)
            if time is None:
                self.note(self.say("dialog.no-time"), "bad strong")
            else:
                self.request(desk.SetTimer(seconds=time.seconds, text=time.text))

        left = self.view.board.leading.timer_seconds
        if left is None:
            self.ask("timer", given)
        else:
            self.confirm("timer-end", lambda: self.request(desk.SetTimer(seconds=None)), left=clock(left))

    def action_demo(self) -> None:
        """Show the demo on every screen; while it runs: steer it."""
        say = self.say
        if self.view.board.leading.demo:
            self.app.look_at(desk.DEMO)
            return

        def chosen(step: str | None) -> None:
            if step is not None:
                self.request(desk.StartDemo(first=step))

        row = self.view.row()
        dialog = StepDialog(
            say("dialog.demo"), self.view.room.steps, self.language, say, here=row.step if row else None
        )
        self.app.push_screen(dialog, chosen)

    def action_take_all(self) -> None:
        """Everyone to a step."""
        say = self.say

        def chosen(step: str | None) -> None:
            outline = self.view.step(step)
            if outline is not None:
                number, title = outline.number, outline.title.in_language(self.language)
                self.confirm(
                    "take-all",
                    lambda: self.request(desk.TakeTo(to=EVERYONE, step=outline.id)),
                    number=number,
                    title=title,
                    count=len(self.view.board.rows),
                )

        steps = self.view.room.steps
        self.app.push_screen(
            StepDialog(say("dialog.take-all"), steps, self.language, say, here=self._furthest()), chosen
        )

    def action_say_all(self) -> None:
        """Words to everybody."""

        def given(text: str | None) -> None:
            if text:
                self.request(desk.SayTo(to=EVERYONE, text=text))

        self.ask("say-all", given, count=len(self.view.board.rows))

    def action_hint_all(self) -> None:
        count = len(self.view.board.rows)
        self.confirm("hint-all", lambda: self.request(desk.PushHintTo(to=EVERYONE)), count=count)

    def action_end(self) -> None:
        """The workshop is over."""
        count = self.view.board.summary.connected
        self.confirm("end", lambda: self.request(desk.EndRoom()), count=count)

    def action_leave(self) -> None:
        """Leave the board; the room goes on."""

        def chosen(leave: bool | None) -> None:
            if leave:
                self.app.exit()

        words = (self.say("confirm.leave-title"), self.say("confirm.leave"))
        self.app.push_screen(Confirm(*words, self.say("confirm.leave-yes"), self.say("confirm.no")), chosen)
