"""Shift-F1: the command at hand part by part, and its program's manual at the place where that part is described."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.text import Text as RichText
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from engine.lab import LabError
from engine.manual.lookup import LIMIT_SECONDS, look_up
from engine.manual.page import Page, find
from engine.manual.parts import Part, first_of_interest, parts
from engine.manual.subject import Subject
from engine.messages import Message, render
from engine.session.session import Session
from tui.lines import Line, LinesView
from tui.screens.notice import Low
from tui.wrap import Span, cut, wrap

LOOKS = {"": "", "bold": "strong", "underline": "emphasis"}
WIDEST_PAGE = 100
ABOVE = 2
"""So many lines are seen above the place that was looked for."""


class PageLines(LinesView):
    """The manual page; the line that was looked for has a pointer in front."""

    def __init__(self, screen: ManualScreen) -> None:
        super().__init__(id="page")
        self._manual = screen

    def lines(self, width: int) -> Sequence[Line]:
        return self._manual.page_lines(width)


class ManualScreen(Low[None]):
    """See the module."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f10,shift+f1", "close", "", priority=True),
        Binding("down", "move(1)", "", priority=True),
        Binding("up", "move(-1)", "", priority=True),
        Binding("pagedown,space", "page(1)", "", priority=True),
        Binding("pageup", "page(-1)", "", priority=True),
        Binding("home", "edge(-1)", "", priority=True),
        Binding("end", "edge(1)", "", priority=True),
        Binding("tab", "other", "", priority=True),
    ]

    def __init__(self, session: Session, command: str) -> None:
        super().__init__()
        self._session = session
        self._language = session.language
        self.command = command
        self.parts = parts(command)
        self.part: Part | None = None
        """The one that is pointed at."""
        self.short = False
        """What the program prints when asked for help, in place of its page."""
        self.page: Page | None = None
        self.place: int | None = None
        """The line of the page at which the part is described."""
        self._told = "looking"
        self._known: dict[tuple[Subject, bool], Page | str] = {}
        """Pages, and what is to be said where there is none."""

    def say(self, key: str, **params: Any) -> str:
        return render(Message(f"explain.manual.{key}", params), self._language)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall wide manual"):
            yield Static(cut(self.command.replace("\n", " "), 100), classes="box-title", markup=False)
            yield OptionList(*[Option(self._words(part, False)) for part in self.parts], id="parts")
            yield Static(id="source", markup=False)
            yield PageLines(self)
            yield Static(self.say("foot"), classes="box-foot", markup=False)

    def _words(self, part: Part, pointed_at: bool) -> RichText:
        line = RichText(("▸ " if pointed_at else "  ") + part.text.replace("\n", " "), style="bold")
        reason = render(part.reason, self._language).replace("`", "") if part.reason else ""
        return line.append(f"   {reason}", style="not bold") if reason else line

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        options.highlighted = first_of_interest(self.parts)
        options.focus()

    # -- the parts ---------------------------------------------------------------------------------------------

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        options = event.option_list
        if event.option_index != options.highlighted:  # on its way when another was chosen
            return
        for index, part in enumerate(self.parts):
            if part is self.part or index == event.option_index:
                options.replace_option_prompt_at_index(index, self._words(part, index == event.option_index))
        self.part = self.parts[event.option_index]
        self._show()

    def action_move(self, lines: int) -> None:
        options = self.query_one(OptionList)
        options.action_cursor_down() if lines > 0 else options.action_cursor_up()

    def action_other(self) -> None:
        """The page, or the short help of the program."""
        self.short = not self.short
        self._show()

    # -- the page ----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Show what is known of the part's program, and look up what is not."""
        subject = self.part.subject if self.part else None
        if subject is None:
            self._put("no-program" if self.part and self.part.begins else "joint")
            return
        known = self._known.get((subject, self.short))
        if known is not None:
            self._put(known)
            return
        self._put("looking")
        width = min(self.query_one(PageLines).scrollable_content_region.width - 2, WIDEST_PAGE)
        self.run_worker(self._look_up(subject, self.short, width), group="manual", exclusive=True)

    async def _look_up(self, subject: Subject, short: bool, width: int) -> None:
        lab = self._session.lab
        known: Page | str
        try:
            found = await look_up(lab, subject, width=width, language=self._language, short=short) if lab else None
            known = found or ("none" if lab else "no-lab")
        except TimeoutError:
            known = "too-long"
        except (LabError, ConnectionError):
            known = "no-lab"
        self._known[subject, short] = known
        if self.part is not None and self.part.subject == subject and self.short == short:
            self._put(known)

    def _put(self, known: Page | str) -> None:
        """Onto the screen: a page, at the place where the part is described; or why there is none."""
        before = self.page
        self.page, self._told = (known, "") if isinstance(known, Page) else (None, known)
        part = self.part
        self.place = find(self.page.texts, part.sought, part.section) if self.page and part else None
        self.query_one("#source", Static).update(self._source())
        view = self.query_one(PageLines)
        view.changed()
        if self.place is not None:
            self.call_after_refresh(view.scroll_to, y=max(0, self.place - ABOVE), animate=False)
        elif self.page is not before:
            self.call_after_refresh(view.scroll_to, y=0, animate=False)

    def _source(self) -> str:
        if self.page is None:
            return ""
        other = self.say("other-page" if self.short else "other-help")
        return f"{self.say(f'source.{self.page.source}', title=self.page.title)}   {other}"

    def page_lines(self, width: int) -> list[Line]:
        """What the page's pane shows."""
        if self.page is None:
            program = self.part.subject.program if self.part and self.part.subject else ""
            words = self.say(f"told.{self._told}", program=program, seconds=round(LIMIT_SECONDS))
            return [Line(spans) for spans in wrap([Span(words, "dim")], width)]
        lines = []
        for number, pieces in enumerate(self.page.lines):
            here = number == self.place
            look = " active" if here else ""
            spans = [Span(piece.text, f"{LOOKS[piece.kind]}{look}".strip()) for piece in pieces]
            lines.append(Line((Span("▸ " if here else "  ", "key"), *spans)))
        return lines

    def action_page(self, way: int) -> None:
        view = self.query_one(PageLines)
        view.scroll_relative(y=way * max(1, view.scrollable_content_region.height - 2), animate=False)

    def action_edge(self, way: int) -> None:
        view = self.query_one(PageLines)
        view.scroll_home(animate=False) if way < 0 else view.scroll_end(animate=False)

    def action_close(self) -> None:
        self.dismiss(None)
