"""What the parts of the board's screen share: whom it shows, how it asks the hub and the instructor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from engine.classroom import desk
from tui.classroom.board.dialogs import Confirm, TextDialog
from tui.classroom.board.footer import BoardFooter
from tui.classroom.board.view import View
from tui.words import Say

if TYPE_CHECKING:
    from tui.classroom.board.app import BoardApp


class BoardBase(Screen[None]):
    """Part of :class:`~tui.classroom.board.screen.BoardScreen`."""

    app: BoardApp

    def __init__(self, view: View, say: Say) -> None:
        super().__init__()
        self.view = view
        self.say = say
        self.cause: str | None = None
        """The cause that is chosen in its list."""

    @property
    def language(self) -> str:
        return self.app.language

    @property
    def causes_focused(self) -> bool:
        return self.focused is not None and self.focused.id == "causes"

    def focus_seats(self) -> None:
        """The keys are the list of seats' from now on."""
        self.query_one("#seats").focus()

    def show(self) -> None:
        """Everything as it is now."""
        raise NotImplementedError

    def note(self, text: str, look: str = "strong") -> None:
        """A word in the footer's place."""
        self.query_one(BoardFooter).say_for_a_while(text, look)

    def request(self, request: desk.Request) -> None:
        """Ask the hub for that; without one nothing can be done."""
        if self.view.away is not None:
            self.note(self.say("hub-away", reason=self.view.away), "bad strong")
        else:
            self.app.connection.request(request)

    def ask(self, name: str, given: Callable[[str | None], None], /, **params: object) -> None:
        """The dialog for words of that name."""
        say = self.say
        words = (say(f"dialog.{name}", **params), say(f"dialog.{name}-text", **params), say("dialog.text-foot"))
        self.app.push_screen(TextDialog(*words), given)

    def confirm(self, name: str, do: Callable[[], None], /, **params: object) -> None:
        """Ask whether it is meant; then do it."""

        def chosen(yes: bool | None) -> None:
            if yes:
                do()

        say = self.say
        words = (say(f"confirm.{name}-title", **params), say(f"confirm.{name}", **params), say(f"confirm.{name}-yes"))
        self.app.push_screen(Confirm(*words, say("confirm.no")), chosen)
