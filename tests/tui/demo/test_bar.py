"""The steering bar, in every state, at every width, in both languages."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from engine.course.model import LANGUAGES, Text
from engine.session.autopilot.events import Standing
from tui.demo.bar import bar
from tui.demo.help import help_lines
from tui.demo.keys import KEYS, TAKEN
from tui.demo.notes import notes_lines
from tui.demo.words import sayer
from tui.wrap import width_of

STANDING = Standing(
    phase="counting",
    step="veth/create-pair",
    number="4.1",
    title=Text("Create both ends at once", "一次创建两端"),
    lesson_number=4,
    lesson=Text("Create a veth pair", "创建 veth 对"),
    notes=Text("Hold up a **cable**.", "拿起一根**网线**。"),
    next_command="sudo ip link add dev veth_dustin type veth peer name veth_ns_dustin",
    terminal="T2",
    remaining=3.4,
    speed=1.5,
    paused=False,
    taken=False,
    wants_key=False,
    manual=False,
    reason=None,
    position=12,
    count=56,
    round=1,
    elapsed=750.0,
    planned=700.0,
    total=2700.0,
)
PHASES = (
    "starting", "bringing", "reading", "asking", "revealing", "waiting", "typing", "running", "looking", "verifying",
    "explaining", "counting", "stopped", "finished",
)  # fmt: skip
REASON = Text("This does not hold: `veth_dustin` on the host. " * 6, "这一条没有成立：主机上的 `veth_dustin`。" * 8)


def lines(standing: Standing, width: int = 120, language: str = "en") -> list[str]:
    return [line.text for line in bar(standing, width, sayer(lambda: language), language)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("phase", PHASES)
def test_every_state_fits(phase: str, width: int, language: str) -> None:
    say = sayer(lambda: language)
    for change in (
        {},
        {"paused": True},
        {"taken": True},
        {"blank": True},
        {"taken": True, "reason": REASON},
        {"speed": None, "round": 12},
        {"remaining": None, "next_command": None, "terminal": None},
    ):
        found = bar(replace(STANDING, phase=phase, **change), width, say, language)
        assert all(cell_len(line.text.rstrip()) <= width for line in found)
        assert 2 <= len(found) <= 5
        assert width_of(found[-2].spans) == width


def test_the_countdown_is_seen() -> None:
    full, half = lines(STANDING)[0], lines(replace(STANDING, remaining=1.0))[0]
    assert "next step in 3 s" in full and "next step in 1 s" in half
    assert "12/56" in full and "×1.5" in full and "12:30 / 45:00" in full


def test_what_is_typed_next_is_seen() -> None:
    assert "typing in T2  sudo ip link add" in lines(replace(STANDING, phase="typing"))[0]


def test_during_a_take_over_only_what_works_then_is_offered() -> None:
    keys = lines(replace(STANDING, taken=True))[-1]
    assert "F7 Give back" in keys and "F2" not in keys
    assert "Restore the lab" in lines(replace(STANDING, taken=True, reason=REASON))[-1]


def test_the_reason_stands_above_without_its_backticks() -> None:
    found = lines(replace(STANDING, phase="stopped", reason=REASON), width=80)
    assert found[0].startswith(" This does not hold: veth_dustin on the host.") and "stopped at 4.1" in found[-2]
    assert "F2 Check again" in found[-1]


def test_the_most_needed_keys_stay_in_a_narrow_bar() -> None:
    keys = lines(STANDING, width=80)[-1]
    assert all(label in keys for label in ("F2 Pause", "F3 Back", "F4 Again", "F5 Next", "F7 Take over", "F8 Jump"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_a_label_and_a_help_in_each_language(language: str) -> None:
    text = "\n".join(line.text for line in help_lines(90, sayer(lambda: language)))
    assert all(key.key is None or key.label in text for key in KEYS)
    say = sayer(lambda: language)
    for key in KEYS:
        assert say(f"help.{key.name}")
        names = {"toggle": ("pause", "resume", "go", "check"), "keyboard": ("take_over", "give_back")}.get(
            key.name, (key.name,)
        )
        assert all(say(f"keys.{name}") for name in names)
    assert set(TAKEN) <= {key.name for key in KEYS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [40, 80, 160])
def test_the_notes_viewer(width: int, language: str) -> None:
    say = sayer(lambda: language)
    found = [line.text for line in notes_lines(STANDING, width, say, language)]
    text = " ".join(found)
    assert STANDING.title.in_language(language) in text and "veth_ns_dustin" in text and "T2" in text
    assert ("Hold up a cable." if language == "en" else "拿起一根网线。") in text
    assert "12:30" in text and "45:00" in text and "0:50" in text
    assert all(width_of(line.spans) <= width for line in notes_lines(STANDING, width, say, language))
    assert notes_lines(None, width, say, language)
