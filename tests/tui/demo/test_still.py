"""A picture of a moment of a recording."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

from tui.demo.still import moment, picture, svg

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
