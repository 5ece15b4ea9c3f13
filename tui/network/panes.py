"""Which state panes there are, by which letter each is chosen, and the two lines that say so. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from engine.network.snapshot import HOST
from tui.keys import STATE_LETTERS
from tui.lines import Line
from tui.network.ledger import GONE
from tui.words import Say
from tui.wrap import Span, cropped, width_of


class Pane(NamedTuple):
    """``name`` finds its title (``tui.network.pane.NAME``) and its short title (``tui.network.short.NAME``)."""

    name: str
    letter: str


PANES = tuple(Pane(name, letter) for letter, name in STATE_LETTERS)
NAMES = tuple(pane.name for pane in PANES)
OF_A_NAMESPACE = NAMES[1:-1]
"""The panes that show one namespace, or some beside each other."""


def pane_line(active: str, sign: Callable[[str], str], width: int, say: Say) -> Line:
    """Every pane, its letter marked, the one that is shown in brackets, with a mark on those in which something has
    just changed: with titles as long as there is room for."""
    for titles, gap in (("pane", " "), ("short", " "), ("short", ""), (None, " "), (None, "")):
        spans = _tabs(active, sign, say, titles, gap)
        if width_of(spans) <= width:
            break
    return Line(cropped(spans, width))


def _tabs(active: str, sign: Callable[[str], str], say: Say, titles: str | None, gap: str) -> list[Span]:
    spans: list[Span] = []
    for pane in PANES:
        here = pane.name == active
        action = f"screen.state_pane('{pane.name}')"
        title = say(f"network.{titles or 'short'}.{pane.name}") if titles or here else pane.letter
        mark = sign(pane.name)
        spans += _lettered(title, pane.letter, here, action)
        spans += [Span(mark or " ", "gone" if mark == GONE else "changed", action), Span(gap)]
    return spans


def _lettered(title: str, letter: str, here: bool, action: str) -> list[Span]:
    """The title with its letter set off; in front of it, if it is not in it."""
    at = title.lower().find(letter.lower())
    title, at = (title, at) if at >= 0 else (letter + title, 0)
    look = "chosen strong" if here else ""
    parts = [Span(title[:at], look, action), Span(title[at], f"{look} key".strip(), action)]
    return [one for one in (*parts, Span(title[at + 1 :], look, action)) if one.text]


def namespace_line(
    names: Sequence[str], shown: Sequence[str], sign: Callable[[str], str], width: int, say: Say
) -> Line:
    """The namespaces, those that are shown set off; of more than there is room for, the ones around them."""

    def entry(name: str) -> list[Span]:
        action = f"screen.state_namespace('{name}')"
        title = say("network.host") if name == HOST else name
        mark = sign(name)
        look = "chosen strong" if name in shown else "dim"
        return [Span(title, look, action), Span(f"{mark or ' '} ", "gone" if mark == GONE else "changed")]

    entries = [entry(name) for name in names]
    widths = [width_of(one) for one in entries]
    start = names.index(shown[0]) if shown else 0
    end = names.index(shown[-1]) + 1 if shown else min(1, len(names))
    room = width - len(f", … … {len(names)} .") - sum(widths[start:end])
    while True:  # one more at either end, as long as there is room
        if end < len(entries) and widths[end] <= room:
            room, end = room - widths[end], end + 1
        elif start > 0 and widths[start - 1] <= room:
            room, start = room - widths[start - 1], start - 1
        else:
            break
    spans = [Span(", ", "key", "screen.state_step(-1)")]
    spans += [Span("… ", "dim")] if start else []
    spans += [span for one in entries[start:end] for span in one]
    spans += [Span(f"… {len(names)} ", "dim")] if end < len(entries) else []
    return Line(cropped([*spans, Span(".", "key", "screen.state_step(1)")], width))
