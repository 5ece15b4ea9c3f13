"""Rows as lines: marks, folds, colours; and the two lines that say which panes and namespaces there are."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from engine.messages import catalogue
from engine.network.sheets import Row
from tests.tui.network.moments import say
from tui.keys import STATE_LETTERS
from tui.network.panes import NAMES, PANES, namespace_line, pane_line
from tui.network.sheetlines import folded, row_lines, title_line

LINK = (
    "8: veth_dustin@if7: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN mode DEFAULT qlen 1000"
)


def row(text: str) -> Row:
    return Row((text,), text, text)


@pytest.mark.parametrize("width", [12, 30, 56, 80, 200])
def test_lines_have_room_and_lose_nothing(width: int) -> None:
    lines = row_lines([(row(LINK), "~"), (row("\tnexthop via 10.0.0.1 dev x weight 1"), "")], width)
    assert all(cell_len(line.text) <= width for line in lines)
    assert "".join("".join(line.text for line in lines).split()) == "~" + "".join(
        (LINK + "nexthop via 10.0.0.1 dev x weight 1").split()
    )


def test_blanks_of_columns_stay() -> None:
    assert folded("lo               UNKNOWN        127.0.0.1/8", 60) == ["lo               UNKNOWN        127.0.0.1/8"]
    assert folded("    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff", 40) == [
        "    link/ether 02:00:00:00:00:01 brd",
        "        ff:ff:ff:ff:ff:ff",
    ]


def test_marks_are_signs_as_well_as_colours() -> None:
    new, changed, gone, same = row_lines(
        [(row("a UP"), "+"), (row("b DOWN"), "~"), (row("c"), "−"), (row("d"), "")], 40
    )
    assert [line.text for line in (new, changed, gone, same)] == ["+ a UP", "~ b DOWN", "− c", "  d"]
    assert [span.look for span in new.spans] == ["changed strong", "changed", "good"]
    assert changed.spans[-1].look == "bad", "a device that is down is not green for having changed"
    assert gone.spans[-1].look == "gone" and not same.spans[-1].look
    assert [line.anchor for line in (new, same)] == ["changed", None]


def test_a_title_is_a_command_at_a_prompt() -> None:
    first, second = title_line("sudo ip netns exec netns_dustin ip route", 30)
    assert first.text.startswith("$ sudo ip netns") and second.text.startswith("  ")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [30, 50, 69, 78, 118, 200])
def test_every_pane_is_named_where_there_is_room(language: str, width: int) -> None:
    for active in NAMES:
        line = pane_line(active, lambda pane: "~" if pane == "routes" else "", width, say(language))
        assert cell_len(line.text) <= width and "~" in line.text
        if width >= 50:
            letters = {span.text.upper() for span in line.spans if "key" in span.look}
            assert letters >= {pane.letter for pane in PANES}


def test_letters_are_given_once_and_helped() -> None:
    letters = [letter for letter, _ in STATE_LETTERS]
    assert len(set(letters)) == len(letters)
    for language in ("en", "zh"):
        assert all(f"tui.help.pane_{name}" in catalogue(language) for _, name in STATE_LETTERS)


@pytest.mark.parametrize("width", [30, 69, 118])
@pytest.mark.parametrize("at", [0, 7, 25, 50])
def test_of_many_namespaces_those_around_the_chosen_one_are_named(width: int, at: int) -> None:
    names = ["host", *(f"n{number}" for number in range(50))]
    line = namespace_line(names, names[at : at + 1], lambda name: "", width, say())
    assert cell_len(line.text) <= width
    assert names[at] in line.text.split() and line.text.endswith(".")
    assert "51" in line.text or at == 50


def test_no_lab_has_no_namespace() -> None:
    assert namespace_line([], [], lambda name: "", 40, say()).text.split() == [",", "."]
