"""⇧F3: every action of the program by its name, to be searched; Textual's command palette in the learner's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider, SearchIcon
from textual.content import Content
from textual.style import Style
from textual.widgets.option_list import Option

from engine.course.model import LANGUAGES
from engine.messages import Message, render
from tui import theme
from tui.listing import Listed, listed
from tui.words import Say

if TYPE_CHECKING:
    from tui.app import NstepsApp
    from tui.screens.main import MainScreen

NAME_CELLS = 48
"""Room for a name before its keys."""


class Command(NamedTuple):
    """What can be chosen: its names in every language (the learner's first), what it does, its keys, and how."""

    names: tuple[str, ...]
    help: str
    keys: str
    run: Callable[[], Any]


def names(key: str, language: str, **params: Any) -> tuple[str, ...]:
    """A name in the learner's language, then in the other: whoever knows the English word finds it by that."""
    ordered = (language, *(other for other in LANGUAGES if other != language))
    return tuple(render(Message(f"tui.{key}", params), one) for one in ordered)


class Commands(Provider):
    """The program's own: what has a key, and what a key leads to only in turn (a theme, a terminal, a step)."""

    @property
    def _main(self) -> MainScreen:
        return cast("NstepsApp", self.app).main

    def _all(self) -> Iterator[Command]:
        for entry in listed(classroom=self._main.classroom):
            if entry.action is None:
                yield from self._answers(entry)
            elif entry.name != "palette" and (entry.name != "stop_work" or self._main.can_stop):
                yield self._of(entry, entry.action)
        yield from self._themes()
        yield from self._terminals()

    def _of(self, entry: Listed, action: str) -> Command:
        main = self._main
        called = names(f"names.{entry.name}", main.session.language)
        run = partial(main.run_action, action.removeprefix("screen."))
        return Command(called, main.say(f"help.{entry.name}"), entry.label, run)

    def _answers(self, entry: Listed) -> Iterator[Command]:
        """Those of the question that is open."""
        main = self._main
        question = main.lesson.open_question()
        if question is None:
            return
        for number, answer in enumerate(question.prediction.answers, 1):
            called = tuple(
                render(Message("tui.names.answer", {"answer": answer.in_language(one).replace("`", "")}), one)
                for one in (main.session.language, *LANGUAGES)
            )
            run = partial(main.run_action, f"answer_number({number})")
            yield Command(called, main.say("help.answer"), str(number), run)

    def _themes(self) -> Iterator[Command]:
        app = cast("NstepsApp", self.app)
        for name in theme.NAMES:
            called = names(f"theme.{name}", self._main.session.language)
            yield Command(called, self._main.say("help.theme"), "", partial(app.use_theme, name))

    def _terminals(self) -> Iterator[Command]:
        main = self._main
        for name in main.deck.names:
            called = names("names.open_terminal", main.session.language, terminal=name)
            run = partial(main.action_open_terminal, name)
            yield Command(called, main.say("help.open_terminal"), "", run)

    def _steps(self) -> Iterator[Command]:
        """Only for a search: there are many."""
        main = self._main
        for step in main.session.course.steps:
            words = (step.title.in_language(one) for one in (main.session.language, *LANGUAGES))
            called = tuple(f"{step.number}  {title}" for title in words)
            yield Command(called, "", "", partial(self._go, step.id))

    def _go(self, step_id: str) -> None:
        self._main.ask(self._main.session.goto(self._main.session.course.step(step_id)))

    async def discover(self) -> Hits:
        for command in self._all():
            yield DiscoveryHit(_prompt(Content(command.names[0]), command.keys), command.run, command.names[0])

    async def search(self, query: str) -> Hits:
        commands = [*self._all(), *self._steps()]
        words = query.lower().split()
        found = False
        for command in commands:
            for score, texts in enumerate((command.names[0], *command.names, f"{command.keys} {command.help}"), 1):
                if all(word in texts.lower() for word in words):
                    found = True
                    yield self._hit(1 / score, command, query)
                    break
        matcher = self.matcher(query)
        for command in () if found else commands:  # mistyped, perhaps
            score_of_letters = max(matcher.match(name) for name in command.names)
            if score_of_letters > 0:
                yield self._hit(score_of_letters, command, query)

    def _hit(self, score: float, command: Command, query: str) -> Hit:
        name = Content(command.names[0])
        if self.match_style is not None:
            name = name.highlight_regex(_any_of(query), style=self.match_style)
        return Hit(score, _prompt(name, command.keys), command.run, command.names[0], _plain(command.help))


def _any_of(query: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, query.split())), re.IGNORECASE)


def _prompt(name: Content, keys: str) -> Content:
    gap = " " * max(2, NAME_CELLS - cell_len(name.plain))
    return Content.assemble(name, gap, (keys, Style(dim=True))) if keys else name


def _plain(text: str) -> str:
    """``text`` as Textual's markup, which takes brackets for tags."""
    return text.replace("[", "\\[")


class Palette(CommandPalette):
    """Textual's, in the learner's language, and with a sign before the words that every terminal has."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f10,shift+f3", "escape", "", priority=True)]

    def __init__(self, say: Say) -> None:
        super().__init__([Commands], placeholder=say("palette.search"))
        self._say = say

    def on_mount(self) -> None:
        self.query_one(SearchIcon).icon = "›"

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Textual's own says it in English."""
        self._stop_no_matches_countdown()

        def nothing() -> None:
            if search_value:
                option = Option(Content(self._say("palette.nothing")), disabled=True, id=self._NO_MATCHES)
                self.query_one(CommandList).add_option(option)
            self._list_visible = bool(search_value)

        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, nothing)
