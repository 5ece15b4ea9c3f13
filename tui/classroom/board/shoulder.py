"""Over a learner's shoulder: their screen as they see it, read-only until they consent. The demo is seen likewise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer
from textual.screen import Screen

from engine.classroom import desk
from engine.classroom.desk import Target
from tui.classroom.board import table
from tui.classroom.board.dialogs import TextDialog
from tui.classroom.board.footer import BoardFooter
from tui.classroom.board.keys import SHOULDER, TYPING, bindings
from tui.classroom.board.screen import Block
from tui.classroom.board.view import View
from tui.classroom.board.words import clock, name_of
from tui.lines import Line
from tui.terminal.widget import TerminalView
from tui.words import Say
from tui.wrap import Span, cropped, width_of

if TYPE_CHECKING:
    from tui.classroom.board.app import BoardApp

DEMO_KEYS = tuple(key for key in SHOULDER if key.name in ("offer", "keyboard", "back"))


class WatchedView(TerminalView):
    """Somebody else's screen: what the emulator would answer the program inside goes nowhere, keys go to ``typed``."""

    can_focus = False

    def __init__(self, typed: Callable[[bytes], None]) -> None:
        super().__init__(id="watched")
        self._typed = typed

    def type(self, data: bytes) -> None:
        self._typed(data)


class ShoulderScreen(Screen[None]):
    """One seat's screen, at its own size; what does not fit is reached by scrolling. ``seat`` 0 is the demo."""

    app: BoardApp
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(SHOULDER),
        *(Binding(way, f"scroll_stage('{way}')", "", show=False) for way in ("up", "down", "left", "right")),
    ]

    def __init__(self, seat: int, view: View, say: Say) -> None:
        super().__init__()
        self.seat = seat
        self.view = view
        self.say = say
        self.typing = False
        """What is typed goes to the seat."""
        self.over = False
        """There is nothing to be seen any more."""
        self._ready = False
        self._offered = False
        """The learner has been asked, and has not answered yet."""
        self._watched = WatchedView(lambda data: self.app.connection.type(seat, data))

    @property
    def is_demo(self) -> bool:
        return self.seat == desk.DEMO

    def compose(self) -> ComposeResult:
        yield Block(self._head, id="header")
        with ScrollableContainer(id="stage", can_focus=False):
            yield self._watched
        yield BoardFooter(SHOULDER, self.say, id="footer")

    def on_mount(self) -> None:
        self._ready = True
        self.told()
        self.ask()

    def ask(self) -> None:
        """Watch, from the start or again."""
        self.app.connection.request(desk.Watch(seat=self.seat))

    def on_unmount(self) -> None:
        self.app.connection.request(desk.Unwatch(seat=self.seat))
        row = self.view.row(self.seat)
        if row is not None and row.help != "none":
            self.app.connection.request(desk.LetGo(seat=self.seat))

    # -- what the hub tells --------------------------------------------------------------------------------------------

    def told(self) -> None:
        """The board is another one: the learner may have answered, or be gone."""
        if not self._ready or not self.query("#header"):  # not composed yet, or going
            return
        row = self.view.row(self.seat)
        if not self.is_demo:
            given = row is not None and row.help == "given"
            if given and not self.typing:
                self._type(True)
                self.note(self.say("shoulder.consented"), "good strong")
            elif not given and self.typing:
                self._type(False)
                self.note(self.say("shoulder.no-longer"))
            offered = row is not None and row.help == "offered"
            if self._offered and not offered and not given:
                self.note(self.say("shoulder.declined"))
            self._offered = offered
        self.query_one("#header", Block).changed()
        self._show_keys()

    def sized(self, columns: int, rows: int) -> None:
        """Their screen has that size; everything is painted anew."""
        self.over = False
        self._watched.fresh()
        self._watched.styles.width, self._watched.styles.height = columns, rows
        self._watched.set_size(columns, rows)
        self.told()

    def feed(self, data: bytes) -> None:
        """What their screen paints."""
        self._watched.feed(data)

    def ended(self) -> None:
        """Nobody is there any more."""
        self.over = True
        self._type(False)
        self.told()
        if self.is_demo:
            self.dismiss(None)

    def note(self, text: str, look: str = "strong") -> None:
        self.query_one(BoardFooter).say_for_a_while(text, look)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _head(self, width: int) -> list[Line]:
        say, row = self.say, self.view.row(self.seat)
        state = (
            "over"
            if self.over
            else "typing"
            if self.typing
            else "offered"
            if row and row.help == "offered"
            else "looking"
        )
        right = (Span(f" {say(f'shoulder.{state}')} ", "bad strong" if state in ("over", "typing") else "active"),)
        left: list[Span] = [Span(" ◉ ", "active strong")]
        if self.is_demo:
            left.append(Span(say("shoulder.demo"), "strong"))
        elif row is None:
            left.append(Span(say("shoulder.gone"), "strong"))
        else:
            sign, look = table.SIGNS[row.need]
            title = row.title.in_language(self.app.language)
            left += [Span(name_of(row, say), "strong"), Span(f"  {sign}", look), Span(f"  {row.number} {title}")]
            left.append(Span(f"  {clock(row.seconds)}/{clock(row.planned_seconds)}", "dim"))
        room = width - width_of(right)
        left = list(cropped(left, room - 1))
        return [Line((*left, Span(" " * (room - width_of(left))), *right))]

    def _show_keys(self) -> None:
        row = self.view.row(self.seat)
        keys = DEMO_KEYS if self.is_demo else SHOULDER
        if self.typing:
            keys = tuple(key for key in keys if key.name in TYPING)
        else:
            keys = tuple(key for key in keys if key.name not in TYPING)
        if row is None or not row.hand:
            keys = tuple(key for key in keys if key.name != "lower")
        offered = row is not None and row.help == "offered"
        labels = {"offer": "steer" if self.is_demo else "take-back" if offered else "offer"}
        if self.is_demo:
            labels["keyboard"] = "look-on"
        self.query_one(BoardFooter).show(keys, labels)

    def _type(self, typing: bool) -> None:
        self.typing = typing
        if typing:  # of a screen that is larger than this one: where its terminal is
            stage = self.query_one("#stage", ScrollableContainer)
            stage.scroll_to(stage.max_scroll_x, stage.max_scroll_y, animate=False)
        self._watched.can_focus = typing
        self.set_focus(self._watched if typing else None)

    # -- keys ----------------------------------------------------------------------------------------------------------

    def action_offer(self) -> None:
        """Ask whether one may type as well; before the answer: take that back. In the demo: type."""
        row = self.view.row(self.seat)
        if self.is_demo:
            self._type(True)
            self.told()
        elif row is not None and row.help == "none":
            self.app.connection.request(desk.OfferHelpTo(seat=self.seat))
        elif row is not None:
            self._offered = False
            self.app.connection.request(desk.LetGo(seat=self.seat))

    def action_keyboard(self) -> None:
        """Type no more."""
        if self.typing:
            self._type(False)
            if not self.is_demo:
                self.app.connection.request(desk.LetGo(seat=self.seat))
            self.told()

    def action_say(self) -> None:
        row = self.view.row(self.seat)
        if row is None:
            return

        def given(text: str | None) -> None:
            if text:
                self.app.connection.request(desk.SayTo(to=Target(seats=(self.seat,)), text=text))

        say, name = self.say, name_of(row, self.say)
        words = (say("dialog.say", name=name), say("dialog.say-text", name=name), say("dialog.text-foot"))
        self.app.push_screen(TextDialog(*words), given)

    def action_hint(self) -> None:
        if not self.is_demo:
            self.app.connection.request(desk.PushHintTo(to=Target(seats=(self.seat,))))

    def action_lower(self) -> None:
        if not self.is_demo:
            self.app.connection.request(desk.LowerHandOf(seat=self.seat))

    def action_journal(self) -> None:
        if not self.is_demo:
            self.app.show_journal(self.seat)

    def action_network(self) -> None:
        if not self.is_demo:
            self.app.show_network(self.seat)

    def action_scroll_stage(self, way: str) -> None:
        x, y = {"up": (0, -1), "down": (0, 1), "left": (-4, 0), "right": (4, 0)}[way]
        self.query_one("#stage", ScrollableContainer).scroll_relative(x=x, y=y, animate=False)

    def action_back(self) -> None:
        """To the board. The demo goes on, unless it is ended: that is asked."""
        if self.is_demo and not self.over:
            self.app.ask_about_demo(self._leave)
        else:
            self.dismiss(None)

    def _leave(self) -> None:
        self.dismiss(None)
