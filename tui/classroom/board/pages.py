"""A seat's journal and its network, each on a page of its own that follows what happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen

from engine.classroom import desk
from engine.classroom.desk import JournalEntry
from engine.classroom.plain import plain_text, plain_words
from engine.network.snapshot import Snapshot
from tui.classroom.board.footer import BoardFooter
from tui.classroom.board.keys import Key
from tui.classroom.board.screen import Block
from tui.classroom.board.view import View
from tui.classroom.board.words import clock, name_of
from tui.lines import Line, LinesView
from tui.network.topology import TopologyView
from tui.words import Say, sayer
from tui.wrap import Span, cropped, padded

if TYPE_CHECKING:
    from tui.classroom.board.app import BoardApp

AGAIN_SECONDS = 2.0
PAGE_KEYS = (Key(("escape", "q", "f10"), "back", 0, "shoulder"),)
LOOKS = {"command": "", "stuck": "bad", "hand": "active strong", "order": "explanation", "step-ended": "good"}


def journal_line(entry: JournalEntry, view: View, width: int, language: str, say: Say) -> Line:
    """``10:05:12  5.6  ✗1 ip route …``"""
    at = datetime.fromtimestamp(entry.at).strftime("%H:%M:%S")
    step = view.step(entry.step)
    spans = [Span(f" {at}  ", "dim"), Span(padded(step.number if step else "", 6), "dim")]
    look = LOOKS.get(entry.kind, "dim")
    if entry.kind == "command":
        exit_ = (
            Span("▸ ", "good")
            if entry.exit is None
            else Span("✓ ", "good")
            if not entry.exit
            else Span(f"✗{entry.exit} ", "bad")
        )
        spans += [exit_, Span(plain_text(entry.text))]
        spans.append(Span(f"   {plain_text(entry.terminal)} {plain_text(entry.namespace)}", "dim"))
    else:
        kind = f"journal.{entry.kind}"
        if entry.kind in ("hand", "help-answered", "order", "step-ended"):
            kind += f"-{entry.detail}"
        reason = plain_words(entry.why, language) or plain_text(entry.detail)
        time, text = clock(entry.seconds), plain_text(entry.text)
        spans.append(Span(say(kind, text=text, reason=reason, time=time, hints=entry.hints or entry.detail), look))
    return Line(cropped(spans, width))


class JournalLines(LinesView):
    """The entries, the latest last; what comes later is followed while the end is in sight."""

    def __init__(self, page: JournalScreen) -> None:
        super().__init__(id="journal")
        self._page = page

    def lines(self, width: int) -> Sequence[Line]:
        page = self._page
        if not page.entries:
            return [Line((Span(f" {page.say('journal.empty')}", "dim"),))]
        return [journal_line(one, page.view, width, page.app.language, page.say) for one in page.entries]


class SeatPage(Screen[None]):
    """Asks the hub again and again for what it shows."""

    app: BoardApp
    title_key = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(PAGE_KEYS[0].keys), "back", "", show=False, priority=True),
    ]

    def __init__(self, seat: int, view: View, say: Say) -> None:
        super().__init__()
        self.seat = seat
        self.view = view
        self.say = say

    def on_mount(self) -> None:
        self.ask()
        self.set_interval(AGAIN_SECONDS, self.ask)

    def ask(self) -> None:
        raise NotImplementedError

    def head(self, width: int) -> list[Line]:
        row = self.view.row(self.seat)
        name = name_of(row, self.say) if row else self.say("shoulder.gone")
        return [Line(cropped((Span(f" {name}", "strong"), Span(f"   {self.say(self.title_key)}", "dim")), width))]

    def told(self) -> None:
        """The board is another one."""
        for header in self.query("#header").results(Block):
            header.changed()

    def note(self, text: str, look: str = "strong") -> None:
        self.query_one(BoardFooter).say_for_a_while(text, look)

    def action_back(self) -> None:
        self.dismiss(None)


class JournalScreen(SeatPage):
    """What a seat did and was told."""

    title_key = "journal.title"

    def __init__(self, seat: int, view: View, say: Say) -> None:
        super().__init__(seat, view, say)
        self.entries: tuple[JournalEntry, ...] = ()

    def compose(self) -> ComposeResult:
        yield Block(self.head, id="header")
        yield JournalLines(self)
        yield BoardFooter(PAGE_KEYS, self.say, id="footer")

    def ask(self) -> None:
        after = self.entries[-1].seq if self.entries else 0
        self.app.connection.request(desk.WantJournal(seat=self.seat, after=after))

    def show(self, entries: tuple[JournalEntry, ...]) -> None:
        """More of it."""
        known = self.entries[-1].seq if self.entries else 0
        fresh = tuple(one for one in entries if one.seq > known)
        if not fresh and self.entries:
            return
        lines = self.query_one(JournalLines)
        at_end = lines.scroll_offset.y >= lines.max_scroll_y - 1
        self.entries = (self.entries + fresh)[-desk.JOURNAL_ENTRIES :]
        lines.changed()
        if at_end:
            self.call_after_refresh(lines.scroll_end, animate=False)

    def on_show(self) -> None:
        self.query_one(JournalLines).focus()


class SeatNetwork(TopologyView):
    """A learner's own program may tell anything: what cannot be drawn is not."""

    class Undrawable(Message):
        """There is nothing to be seen."""

    def _take(self) -> None:  # now, or some frames later
        try:
            super()._take()
        except Exception:
            self.show(None)
            self.post_message(self.Undrawable())


class NetworkScreen(SeatPage):
    """A seat's lab as it is drawn for its learner."""

    title_key = "network.title"

    def compose(self) -> ComposeResult:
        yield Block(self.head, id="header")
        yield SeatNetwork(sayer(lambda: self.app.language), id="topology")
        yield BoardFooter(PAGE_KEYS, self.say, id="footer")

    def ask(self) -> None:
        self.app.connection.request(desk.WantNetworkOf(seat=self.seat))

    def show(self, snapshot: Snapshot | None) -> None:
        """The lab's network is like that; ``None``: there is no lab."""
        self.query_one(SeatNetwork).show(snapshot)
        if snapshot is None:
            self.note(self.say("network.none"))

    def on_seat_network_undrawable(self) -> None:
        self.note(self.say("network.none"))

    def on_topology_view_command_wanted(self) -> None:
        """A command chosen on a page would belong at the learner's prompt: not from here."""

    def on_topology_view_look_wanted(self) -> None:
        self.ask()

    def on_show(self) -> None:
        self.query_one(TopologyView).focus()
