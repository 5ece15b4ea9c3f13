"""The commands in the laid-out lesson, which can be chosen with keys. Pure."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui.lines import Line
from tui.wrap import Span

PREFIX = "screen.command("
PROMPT, POINTER = Span("$ ", "prompt"), Span("▸ ", "active strong")


@dataclass(frozen=True)
class Place:
    """A command on the page: its action, how many of the same stand above it, and its lines from ``first`` to before
    ``end``."""

    action: str
    number: int
    first: int
    end: int

    @property
    def terminal(self) -> str:
        """Where it belongs."""
        return str(ast.literal_eval(self.action.removeprefix(PREFIX[:-1]))[0])

    @property
    def text(self) -> str:
        """The command as it is typed."""
        return str(ast.literal_eval(self.action.removeprefix(PREFIX[:-1]))[1])

    def is_same(self, other: Place | None) -> bool:
        """Whether it is that command, perhaps elsewhere on a page that was laid out anew."""
        return other is not None and (self.action, self.number) == (other.action, other.number)


def places(lines: Sequence[Line]) -> list[Place]:
    """Every command, from the top to the bottom."""
    found: list[Place] = []
    for index, line in enumerate(lines):
        action = line.action
        if action is None or not action.startswith(PREFIX):
            continue
        begins = PROMPT in line.spans or POINTER in line.spans
        if not begins and found and found[-1].end == index and found[-1].action == action:
            found[-1] = Place(action, found[-1].number, found[-1].first, index + 1)
        else:
            number = sum(one.action == action for one in found)
            found.append(Place(action, number, index, index + 1))
    return found


def suggested(found: Sequence[Place], start: int, is_done: Callable[[str, str], bool]) -> Place | None:
    """What is to be typed next: the first command from line ``start`` on that is not done yet, by its terminal and its
    text; the first one there if all are."""
    below = [one for one in found if one.first >= start]
    return next((one for one in below if not is_done(one.terminal, one.text)), below[0] if below else None)


def pointed_at(lines: Sequence[Line], place: Place) -> list[Line]:
    """The page with that command marked: an arrow in place of its prompt, and underlined."""
    result = list(lines)
    for index in range(place.first, place.end):
        spans: list[Span] = []
        begun = False
        for span in lines[index].spans:
            if span == PROMPT:
                spans.append(POINTER)
                begun = True
            elif begun or (index > place.first and span.look not in ("gutter", "prompt") and span.text.strip(" ┃")):
                spans.append(span._replace(look=f"{span.look} link".strip()))
            else:
                spans.append(span)
        result[index] = lines[index]._replace(spans=tuple(spans))
    return result
