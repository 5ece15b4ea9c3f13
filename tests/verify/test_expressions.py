"""Regular expressions for people who read none."""

from __future__ import annotations

import re

import pytest

from engine.verify.expressions import LONGEST, readable


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("Address already in use", "Address already in use"),
        (r"10\.0\.0\.21 dev veth_dustin|from 10\.0\.0\.20", "10.0.0.21 dev veth_dustin"),
        (r"net:\[\d+\]", "net:[…]"),
        (r"^veth_dustin.*(UP|LOWERLAYERDOWN)\b", "veth_dustin…UP"),
        (r"(?i)<!doctype html|<html", "<!doctype html"),
        (r"\d+ packets, (?:100|99)% loss", "… packets, 100% loss"),
        (r"FORWARD (?:\(policy )?DROP", "FORWARD DROP"),
        (r"https?://[a-z]+", "https://…"),
        (r"a(?=b)c{2,3}", "ac…"),
        (r"", "…"),
        (r"[", "["),
    ],
)
def test_an_example_of_what_is_looked_for(expression: str, shown: str) -> None:
    assert readable(expression) == shown


def test_it_is_short_and_ends_for_anything() -> None:
    for expression in ("(" * 50, ")" * 50, "a|" * 50, "(a|b)?" * 30, "\\", "x" * 200, re.escape("a.b[c](d)*" * 9)):
        assert 1 <= len(readable(expression)) <= LONGEST
