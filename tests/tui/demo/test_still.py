"""A picture of a moment of a recording."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

from tui.demo.film import REST_SECONDS
from tui.demo.still import CELL, MARGIN, drawn, moment, picture, svg

HEADER: dict[str, Any] = {
    "version": 2,
    "width": 40,
    "height": 5,
    "theme": {"fg": "#eeeeee", "bg": "#111111", "palette": ":".join(f"#0000{index:02x}" for index in range(16))},
}
SPACE = "{http://www.w3.org/2000/svg}"


def cast(*events: tuple[float, str, str], header: dict[str, Any] = HEADER) -> list[str]:
    return [json.dumps(one) for one in (header, *events)]


def texts(drawing: str) -> list[tuple[str, dict[str, str]]]:
    return [(one.text or "", one.attrib) for one in ElementTree.fromstring(drawing).iter(f"{SPACE}text")]


def test_the_screen_at_that_moment() -> None:
    lines = cast((1.0, "o", "first"), (1.5, "m", "a marker"), (2.0, "o", "\r\x1b[Ksecond"), (9.0, "o", "\r\x1b[Kthird"))
    assert [text.strip() for text, _ in texts(svg(picture(lines, 1.2)))] == ["first"]
    assert [text.strip() for text, _ in texts(svg(picture(lines, 5)))] == ["second"]


def test_colours_and_looks() -> None:
    lines = cast((0.0, "o", "\x1b[31;1ma\x1b[0m\x1b[38;2;1;2;3;4mb\x1b[0m\x1b[7m<&>\x1b[0m"))
    drawing = svg(picture(lines, 1))
    found = dict(texts(drawing))
    assert (found["a"]["fill"], found["a"]["font-weight"]) == ("#000001", "bold")
    assert (found["b"]["fill"], found["b"]["text-decoration"]) == ("#010203", "underline")
    assert found["<&>"]["fill"] == "#111111" and 'fill="#eeeeee"' in drawing


def test_chinese_is_two_cells_wide() -> None:
    (text, look) = texts(svg(picture(cast((0.0, "o", "网络")), 1)))[0]
    assert text.strip() == "网络" and float(look["textLength"]) >= 4 * 8.4


def test_no_blank_is_left_to_a_reader_of_svg_that_drops_it() -> None:
    found = texts(svg(picture(cast((0.0, "o", "  one two   三 four \x1b[4m five")), 1)))
    assert [(text, round((float(look["x"]) - MARGIN) / CELL[0])) for text, look in found] == [
        ("one two", 2),
        ("三", 12),
        ("four", 15),
        ("five", 21),
    ]


def test_a_stretch_moves_and_rests_on_its_last_picture() -> None:
    lines = cast(
        (0.5, "o", "$ "), (1.0, "o", "a"), (2.0, "o", "b"), (2.01, "o", "c"), (3.0, "o", "\r\x1b[K$ d"), (9.0, "o", "e")
    )
    drawing = drawn(lines, "0:01-0:04")
    ElementTree.fromstring(drawing)
    total = 3 + REST_SECONDS
    body, style = drawing.split("</style>")[1], drawing.split("</style>")[0]
    seen = {text: name for name, text in re.findall(r'<g class="(s\d+)"><text[^>]*>([^<]*)</text></g>', body)}
    assert set(seen) == {"$ a", "$ abc", "$ d"}

    def steps(text: str) -> dict[float, str]:
        (rule,) = re.findall(rf"@keyframes {seen[text]}{{(.*?)}}\.", style)
        return {float(at) * total / 100: how for at, how in re.findall(r"([\d.]+)%{visibility:(\w+)}", rule)}

    assert [(round(at, 2), how) for at, how in steps("$ a").items()] == [(0.0, "visible"), (1.0, "hidden")]
    assert [round(at, 2) for at in steps("$ abc")] == [0.0, 1.0, 2.0]
    assert list(steps("$ abc").values()) == ["hidden", "visible", "hidden"]
    assert list(steps("$ d").values()) == ["hidden", "visible"] and f".{seen['$ d']}{{visibility:visible" in style
    assert f".{seen['$ abc']}{{visibility:hidden" in style


def test_a_stretch_without_anything_in_it() -> None:
    with pytest.raises(ValueError, match="nothing happens"):
        drawn(cast((0.5, "o", "x")), "5-6")


def test_a_new_size() -> None:
    assert picture(cast((0.0, "r", "60x7")), 1).size == (60, 7)


def test_what_is_no_recording() -> None:
    with pytest.raises(ValueError, match="no asciicast"):
        picture(cast(header={"version": 1}), 1)
    with pytest.raises(ValueError, match="Expecting value"):
        picture(["words"], 1)


def test_moments() -> None:
    assert [moment(text) for text in ("7", "1:05", "1:00:05.5")] == [7, 65, 3605.5]
    with pytest.raises(ValueError, match="could not convert"):
        moment("soon")
