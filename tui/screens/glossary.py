"""Shift-F2: the words of the course, with a search; each entry leads to where it is met and to related ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from rich.text import Text as RichText
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from engine.course.model import Course, Term
from engine.course.terms import by_id, search
from engine.messages import Message, render
from engine.session.session import Session
from tui.lesson.document import Section
from tui.lesson.layout import lay_out
from tui.lesson.markdown import parse
from tui.lines import Line, LinesView
from tui.screens.notice import Low
from tui.wrap import Span, cut, wrap


class Wish(NamedTuple):
    """What the learner wants on leaving: ``read`` a step, or ``try`` a command."""

    kind: str
    what: str


class Link(NamedTuple):
    """Where an entry leads: ``target`` is the id of a step or of a term."""

    kind: str
    target: str
    label: str


def links_of(term: Term, course: Course, language: str) -> list[Link]:
    """The step in which it is met, then the related terms."""
    links = []
    if term.step is not None:
        step = course.step(term.step)
        links.append(Link("step", step.id, f"{step.number} {step.title.in_language(language)}"))
    others = [other for name in term.related if (other := by_id(course.glossary, name))]
    return links + [Link("term", other.id, other.title.in_language(language)) for other in others]


def entry(term: Term, course: Course, language: str, width: int, chosen: int, labels: dict[str, str]) -> list[Line]:
    """The lines of an entry; the link with the number ``chosen`` is pointed at.

    ``labels``: ``met`` and ``related`` stand in front of the links.
    """
    lines = [Line(spans) for spans in wrap([Span(term.title.in_language(language), "title")], width)]
    text = lay_out([Section(parse(term.text.in_language(language)))], width + 2)
    lines += [Line(), *(line._replace(spans=line.spans[1:]) for line in text)]
    while lines[-1].text.strip() == "":
        lines.pop()
    links = links_of(term, course, language)
    for kind, name in (("step", "met"), ("term", "related")):
        spans = [Span(labels[name] + " ", "dim")]
        for number, link in enumerate(links):
            if link.kind == kind:
                look, mark = ("key", "▸") if number == chosen else ("code", "·")
                label = cut(link.label, width - 2).replace(" ", "\u00a0")
                spans += [Span(" "), Span(f"{mark}{label}", look, f"screen.follow({number})")]
        if len(spans) > 1:
            lines += [Line(), *(Line(one) for one in wrap(spans, width))]
    return lines


class Entry(LinesView, can_focus=False):
    """The entry that is read."""

    def __init__(self, screen: GlossaryScreen) -> None:
        super().__init__(id="entry")
        self._glossary = screen

    def lines(self, width: int) -> Sequence[Line]:
        return self._glossary.entry_lines(width)


class GlossaryScreen(Low[Wish | None]):
    """``first``: the terms to be listed on top, the very first is opened. Gives what the learner wants next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f10,shift+f2", "close", "", priority=True),
        Binding("down", "move(1)", "", priority=True),
        Binding("up", "move(-1)", "", priority=True),
        Binding("pagedown", "page(1)", "", priority=True),
        Binding("pageup", "page(-1)", "", priority=True),
        Binding("tab", "link(1)", "", priority=True),
        Binding("shift+tab", "link(-1)", "", priority=True),
        Binding("f3", "try", "", priority=True),
    ]

    def __init__(self, session: Session, first: Sequence[str] = ()) -> None:
        super().__init__()
        self._course, self._language = session.course, session.language
        self._first = [term for name in first if (term := by_id(self._course.glossary, name))]
        self.term: Term | None = None
        """The entry that is shown."""
        self.chosen = 0

    def say(self, key: str, **params: Any) -> str:
        return render(Message(f"explain.glossary.{key}", params), self._language)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box tall wide glossary"):
            yield Static(self.say("title"), classes="box-title", markup=False)
            yield Input(placeholder=self.say("search"), id="search")
            with Horizontal():
                yield OptionList(id="terms")
                yield Entry(self)
            yield Static(self.say("foot"), classes="box-foot", markup=False)

    def on_mount(self) -> None:
        self._fill("")
        self.query_one(Input).focus()

    # -- the list ----------------------------------------------------------------------------------------------

    def _fill(self, query: str) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        if query.strip() or not self._first:
            terms = search(self._course.glossary, query, self._language)
            options.add_options([self._option(term, "all") for term in terms])
        else:
            options.add_option(Option(RichText(self.say("here"), style="bold"), disabled=True))
            options.add_options([self._option(term, "here") for term in self._first])
            options.add_option(Option(RichText(self.say("all"), style="bold"), disabled=True))
            options.add_options([self._option(term, "all") for term in self._course.glossary])
        options.highlighted = next((i for i, one in enumerate(options.options) if not one.disabled), None)
        if options.highlighted is None:
            self.show(None)

    def _option(self, term: Term, part: str) -> Option:
        return Option(RichText(term.title.in_language(self._language)), id=f"{part}:{term.id}")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option.id is not None:
            self.show(by_id(self._course.glossary, event.option.id.partition(":")[2]))

    def on_option_list_option_selected(self) -> None:
        self.query_one(Input).focus()

    def action_move(self, lines: int) -> None:
        options = self.query_one(OptionList)
        options.action_cursor_down() if lines > 0 else options.action_cursor_up()

    # -- the entry ---------------------------------------------------------------------------------------------

    def show(self, term: Term | None) -> None:
        """Show that entry, or that there is none."""
        if term is self.term and term is not None:
            return
        self.term, self.chosen = term, 0
        entry = self.query_one(Entry)
        entry.changed()
        entry.scroll_to(y=0, animate=False)

    def entry_lines(self, width: int) -> list[Line]:
        """What the entry's pane shows."""
        if self.term is None:
            return [Line(spans) for spans in wrap([Span(self.say("none"), "dim")], width)]
        labels = {name: self.say(name) for name in ("met", "related")}
        return entry(self.term, self._course, self._language, width, self.chosen, labels)

    def action_page(self, way: int) -> None:
        entry = self.query_one(Entry)
        entry.scroll_relative(y=way * max(1, entry.size.height - 2), animate=False)

    def action_link(self, way: int) -> None:
        """Point at the next link of the entry, and bring it in sight."""
        if self.term is None:
            return
        self.chosen = (self.chosen + way) % max(1, len(links_of(self.term, self._course, self._language)))
        entry = self.query_one(Entry)
        entry.changed()
        lines = self.entry_lines(entry.scrollable_content_region.width)
        pointed = next((i for i, line in enumerate(lines) if any(one.text.startswith("▸") for one in line.spans)), 0)
        top, height = entry.scroll_offset.y, entry.scrollable_content_region.height
        if not top <= pointed < top + height:
            entry.scroll_to(y=max(0, pointed - height + 1), animate=False)

    def on_input_submitted(self) -> None:
        self.action_follow(self.chosen)

    def action_follow(self, number: int) -> None:
        """Go where that link leads."""
        links = links_of(self.term, self._course, self._language) if self.term else []
        if number >= len(links):
            return
        link = links[number]
        if link.kind == "step":
            self.dismiss(Wish("read", link.target))
        else:
            self._open(link.target)

    def _open(self, term_id: str) -> None:
        """Show another entry, the search forgotten."""
        box, options = self.query_one(Input), self.query_one(OptionList)
        with box.prevent(Input.Changed):
            box.value = ""
        self._fill("")
        options.highlighted = options.get_option_index(f"all:{term_id}")

    def action_try(self) -> None:
        """Leave with the entry's command."""
        if self.term is not None and self.term.commands:
            self.dismiss(Wish("try", self.term.commands[0]))

    def action_close(self) -> None:
        self.dismiss(None)
