"""Every action is in the help and in the palette, by a name and with its keys, in both languages."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.binding import Binding
from textual.command import DiscoveryHit

from engine.course.model import LANGUAGES
from engine.messages import Message, catalogue
from engine.session import events
from tests.tui.running import Running, running
from tui.keys import letters
from tui.listing import GROUPS, listed
from tui.screens.help import help_lines
from tui.screens.main import MainScreen
from tui.screens.palette import Commands, Palette
from tui.words import sayer

ANSWERS = "screen.answer_number("


def bound() -> set[str]:
    """The actions of all bindings."""
    found = [one for one in (*MainScreen.BINDINGS, *letters()) if isinstance(one, Binding)]
    return {one.action if "." in one.action else f"screen.{one.action}" for one in found}


async def commands(it: Running) -> list[DiscoveryHit]:
    """What the palette offers before anything is searched."""
    hits = [hit async for hit in Commands(it.main).discover()]
    return [hit for hit in hits if isinstance(hit, DiscoveryHit)]


def test_every_binding_is_listed() -> None:
    named = {entry.action for entry in listed()}
    assert {action for action in bound() if not action.startswith(ANSWERS)} <= named
    assert any(entry.name == "answer" for entry in listed())
    assert {entry.group for entry in listed(classroom=True)} == set(GROUPS)
    assert {entry.group for entry in listed()} == set(GROUPS) - {"classroom"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_has_its_words(language: str) -> None:
    words = catalogue(language)
    for entry in listed(classroom=True):
        assert words[f"tui.names.{entry.name}"] and words[f"tui.help.{entry.name}"], entry.name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [30, 64, 108])
def test_the_help_has_every_entry_with_its_keys(language: str, width: int) -> None:
    lines = help_lines(width, sayer(lambda: language))
    assert all(cell_len(line.text) <= width for line in lines)
    text = ["".join(line.text.split()) for line in lines]
    for entry in listed():
        start = "".join((entry.key + entry.letter).split())
        assert any(line.startswith(start) for line in text), entry.name
        words = "".join(catalogue(language)[f"tui.help.{entry.name}"].split())
        assert words in "".join(text), entry.name


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_palette_has_every_action_with_its_keys(language: str) -> None:
    async with running(language) as it:
        texts = {hit.text: str(hit.prompt) for hit in await commands(it)}
        for entry in listed():
            if entry.name in ("palette", "stop_work"):  # it is open; there is nothing to stop
                continue
            if entry.name == "answer":
                answers = it.main.lesson.open_question().prediction.answers  # type: ignore[union-attr]
                names = [it.main.say("names.answer", answer=one.in_language(language)) for one in answers]
                assert set(names) <= set(texts)
                continue
            name = it.main.say(f"names.{entry.name}")
            assert name in texts and entry.label in texts[name], entry.name


async def test_what_can_be_stopped_can_be_stopped_there() -> None:
    async with running() as it:
        it.session.emit(events.Busy(Message("course.busy-rebuilding")))
        await it.until(lambda: it.main.can_stop)
        assert it.main.say("names.stop_work") in {hit.text for hit in await commands(it)}


async def test_a_search_finds_by_name_by_key_and_by_the_other_language() -> None:
    async with running("zh") as it:

        async def found(query: str) -> list[str]:
            hits = [hit async for hit in Commands(it.main).search(query)]
            return [hit.text or "" for hit in sorted(hits, reverse=True)]

        assert (await found("undo"))[0] == it.main.say("names.undo")
        assert (await found("撤销"))[0] == it.main.say("names.undo")
        assert it.main.say("names.hint") in await found("f2")
        assert any("4.2" in text for text in await found("move"))
        assert it.main.say("names.undo") in await found("undoo") + await found("udo")


async def test_opened_searched_and_done() -> None:
    async with running() as it:
        await it.press("shift+f3")
        await it.sees("What do you want to do?")
        await it.press(*"undo the last")
        await it.sees_no("Skip this step")
        await it.press("escape")
        await it.until(lambda: it.app.screen is it.main)
        await it.press("ctrl+right_square_bracket", "colon")
        await it.until(lambda: isinstance(it.app.screen, Palette))
        await it.press(*"a hint")
        await it.sees_no("Skip this step")
        await it.press("enter")
        await it.sees("Hint 1/2")
        assert it.app.screen is it.main


@pytest.mark.parametrize(("language", "words"), [("en", "Nothing is called that"), ("zh", "没有找到这样的操作")])
async def test_nothing_found(language: str, words: str) -> None:
    async with running(language) as it:
        await it.press("shift+f3")
        await it.until(lambda: isinstance(it.app.screen, Palette))
        await it.press(*"qqzzxx")
        await it.sees(words)
        await it.press("f10")
        await it.until(lambda: it.app.screen is it.main)


async def test_a_theme_and_a_step_are_chosen_in_the_palette() -> None:
    async with running() as it:
        for query, done in (
            ("colours: light", lambda: it.app.theme == "nsteps-light"),
            ("terminal T1", lambda: it.main.deck.front == "T1"),
            ("move one end", lambda: "goto veth/move-end" in it.session.calls),
        ):
            await it.press("shift+f3")
            await it.until(lambda: isinstance(it.app.screen, Palette))
            await it.press(*query)
            await it.sees_no("Skip this step")
            await it.press("enter")
            await it.until(done, query)


async def test_the_help_is_searched_and_scrolled() -> None:
    async with running(size=(80, 24)) as it:
        await it.press("f1")
        await it.sees("The course")
        await it.press("pagedown", "down")
        await it.sees_no("The course")
        await it.press(*"f12")
        await it.sees("English or Chinese")
        await it.sees_no("A hint")
        await it.press("x")
        await it.sees("No key does that")
        await it.press("f1")
        await it.until(lambda: it.app.screen is it.main)
