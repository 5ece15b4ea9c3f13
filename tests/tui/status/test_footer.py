"""The bottom line."""

from __future__ import annotations

import pytest

from engine.course.model import LANGUAGES
from tests.tui.running import running
from tui.keys import KEYS
from tui.status import footer as module
from tui.status.footer import Footer, footer, note_lines
from tui.words import sayer
from tui.wrap import width_of


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 110, 120, 160])
def test_it_fits(width: int, language: str) -> None:
    entries = footer(width, sayer(lambda: language), in_terminal=True, ready=True)
    assert 1 + sum(width_of(spans) + 2 for _, spans in entries) - 2 <= width


def test_the_most_needed_keys_stay_on_a_narrow_screen() -> None:
    for say in (sayer(lambda: "en"), sayer(lambda: "zh")):
        names = [key.name for key, _ in footer(80, say, in_terminal=True, ready=False)]
        assert {"next", "switch", "hint", "help", "solution", "terminal"} <= set(names)
        assert names == [key.name for key in KEYS if key.name in names]


def test_a_wide_screen_has_room_for_all() -> None:
    assert [key for key, _ in footer(200, sayer(lambda: "en"), in_terminal=True, ready=False)] == list(KEYS)


def test_next_stands_out_when_the_step_is_passed_and_not_by_colour_alone() -> None:
    def label(ready: bool) -> str:
        entries = dict(footer(120, sayer(lambda: "en"), in_terminal=True, ready=ready))
        return next("".join(span.text for span in spans) for key, spans in entries.items() if key.name == "next")

    assert label(True) == "F5 ▸Next" and label(False) == "F5 Next"


def test_the_chord_says_where_it_leads() -> None:
    def text(in_terminal: bool) -> str:
        return "".join(
            span.text
            for _, spans in footer(120, sayer(lambda: "en"), in_terminal=in_terminal, ready=False)
            for span in spans
        )

    assert "^] Lesson" in text(True) and "^] Terminal" in text(False)


def test_keys_of_the_moment_come_first_and_the_chord_stays() -> None:
    one = Footer(sayer(lambda: "en"))
    one.show(in_terminal=True, ready=False, aside=[(label, "does something") for label in "abcdefgh"])
    for width in (80, 120, 200):
        (line,) = one.lines(width)
        assert line.text.startswith(" a does something") and "^] Lesson" in line.text and "F5 Next" in line.text
        assert width_of(line.spans) <= width + 2


@pytest.mark.parametrize("note", ["Done.", "", "A window has room for this. " * 9, "窗口太小，放不下两个终端。" * 9])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_note_is_told_whole(note: str, width: int) -> None:
    lines = note_lines(note, width)
    assert all(width_of(line) < width for line in lines)
    texts = ["".join(span.text for span in line) for line in lines]
    assert all(text.endswith(" …") for text in texts[:-1]) and not texts[-1].endswith("…")
    told = "".join(text.removesuffix(" …") for text in texts)
    assert told.replace(" ", "") == note.replace(" ", "")


async def test_a_long_note_goes_on_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NOTE_SECONDS", 0.2)
    async with running(size=(80, 24)) as it:
        it.main.note("one " * 25 + "two " * 15 + "end")
        await it.sees("one one")
        assert "end" not in it.rows()[-1] and it.rows()[-1].endswith("…")
        await it.until(lambda: it.rows()[-1].endswith("two end"), "the rest")
        await it.sees("F5 Next")
