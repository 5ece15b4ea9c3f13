"""The first look around: the parts of the screen one after another, each framed, with a sentence about it.

Nothing is dimmed and nothing stops: the lab starts behind it. A key that means nothing here ends it and goes to where
it would have gone, so that whoever begins to type at once loses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.geometry import Region, Size
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from engine.messages import Message, render
from tui.keys import bindings
from tui.lines import Line, LinesBlock
from tui.wrap import Span, wrap

STEPS = {"enter": 1, "space": 1, "right": 1, "down": 1, "left": -1, "up": -1, "backspace": -1}
"""What its keys do; Esc ends it."""
STOPS = ("lesson", "checklist", "deck", "network", "footer")
"""The ids of the widgets that are shown, in this order."""
TAKEN = frozenset(one.key for one in bindings() if isinstance(one, Binding))
"""Keys of the main screen."""
CARD_CELLS = 54
AGAIN_SECONDS = 0.2
FRAME_CELLS = 4
"""Of the card: its border and the room beside its text."""


def place_card(screen: Size, target: Region | None, card: Size) -> tuple[int, int]:
    """Where the card's left upper corner goes: beside what it is about, else below or above it, else in the middle."""
    middle = (max(0, (screen.width - card.width) // 2), max(0, (screen.height - card.height) // 2))
    if target is None:
        return middle
    x = min(max(0, target.x + (target.width - card.width) // 2), screen.width - card.width)
    y = min(max(0, target.y + (target.height - card.height) // 2), screen.height - card.height)
    if target.right + 1 + card.width <= screen.width:
        return target.right + 1, y
    if target.x - 1 - card.width >= 0:
        return target.x - 1 - card.width, y
    if target.y - 1 - card.height >= 0:
        return x, target.y - 1 - card.height
    if target.bottom + 1 + card.height <= screen.height:
        return x, target.bottom + 1
    return middle


def frame(target: Region, screen: Size) -> dict[str, tuple[Region, str]]:
    """The four sides of a frame around ``target``, each with its text; at the screen's edge it stands on the target,
    but never on one that is a single row."""
    outer = target.grow((1, 1, 1, 1)).intersection(Region(0, 0, screen.width, screen.height))
    width, height = outer.width, outer.height
    above, below = outer.y < target.y, outer.bottom > target.bottom
    flat = target.height < 3
    sides: dict[str, tuple[Region, str]] = {}
    if above or not flat:
        sides["top"] = Region(outer.x, outer.y, width, 1), "┏" + "━" * (width - 2) + "┓"
    if below or not flat:
        sides["bottom"] = Region(outer.x, outer.bottom - 1, width, 1), "┗" + "━" * (width - 2) + "┛"
    first, rows = outer.y + ("top" in sides), height - len(sides)
    if rows > 0:
        sides["left"] = Region(outer.x, first, 1, rows), "\n".join("┃" * rows)
        sides["right"] = Region(outer.right - 1, first, 1, rows), "\n".join("┃" * rows)
    return sides


class Side(LinesBlock):
    """One side of the frame."""

    def __init__(self, name: str) -> None:
        super().__init__(id=f"side-{name}", classes="tour-side")
        self.text = ""

    def lines(self, width: int) -> Sequence[Line]:
        return [Line((Span(text, "active strong"),)) for text in self.text.split("\n")]


class Card(LinesBlock):
    """What is said."""

    def __init__(self) -> None:
        super().__init__(id="tour-card")
        self.shown: list[Line] = []

    def lines(self, width: int) -> Sequence[Line]:
        return self.shown


class TourScreen(ModalScreen[None]):
    """``main`` is the screen that is shown."""

    def __init__(self, main: Screen[Any], language: str) -> None:
        super().__init__()
        self._main, self._language = main, language
        self.stop = 0
        self._over = False
        self._shown: tuple[object, ...] = ()

    def say(self, key: str, **params: Any) -> str:
        return render(Message(f"explain.tour.{key}", params), self._language)

    def compose(self) -> ComposeResult:
        for name in ("top", "bottom", "left", "right"):
            yield Side(name)
        yield Card()

    def on_mount(self) -> None:
        self.show()
        self.set_interval(AGAIN_SECONDS, self.show)  # the lab starts behind it: what is framed may move

    def on_resize(self) -> None:
        self.call_after_refresh(self.show)

    def target(self) -> Widget | None:
        """What is shown now, if it is on the screen."""
        widget = self._main.query_one(f"#{STOPS[self.stop]}")
        return widget if widget.display and widget.region.area and widget.is_on_screen else None

    def show(self) -> None:
        """Frame the part of the screen, and say what it is for."""
        widget = self.target()
        region = widget.region if widget is not None else None
        if self._shown == (self.stop, region, self.size):
            return
        self._shown = (self.stop, region, self.size)
        sides = frame(region, self.size) if region is not None else {}
        for name in ("top", "bottom", "left", "right"):
            side = self.query_one(f"#side-{name}", Side)
            side.display = name in sides
            if side.display:
                where, side.text = sides[name]
                _place(side, where)
                side.changed()
        card = self.query_one(Card)
        width = min(CARD_CELLS, max(20, self.size.width - 2))
        card.shown = self._card(width - FRAME_CELLS, widget is None)
        card.changed()
        height = len(card.shown) + 2
        _place(card, Region(*place_card(self.size, region, Size(width, height)), width, height))

    def _card(self, width: int, hidden: bool) -> list[Line]:
        name = STOPS[self.stop]
        key = f"{name}-hidden" if hidden and name == "network" else name
        last = self.stop == len(STOPS) - 1
        foot = self.say("last" if last else "on", number=self.stop + 1, count=len(STOPS))
        return [
            *(Line(spans) for spans in wrap([Span(self.say(f"title.{name}"), "heading active")], width)),
            *(Line(spans) for spans in wrap([Span(self.say(key))], width)),
            Line(),
            *(Line(spans) for spans in wrap([Span(foot, "dim")], width)),
        ]

    def action_step(self, way: int) -> None:
        """The next part, or the one before; beyond the last one it is over."""
        if self.stop + way >= len(STOPS):
            self.close()
            return
        self.stop = max(0, self.stop + way)
        self.show()

    def on_click(self) -> None:
        if not self._over:
            self.action_step(1)

    def on_key(self, event: events.Key) -> None:
        """Its own keys; any other was not meant for this: it is over, and the key goes on, as do those behind it."""
        event.stop()
        event.prevent_default()
        if self._over or (event.key not in STEPS and event.key != "escape"):
            self._pass_on(events.Key(event.key, event.character))
        elif event.key == "escape":
            self.close()
        else:
            self.action_step(STEPS[event.key])

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._pass_on(events.Paste(event.text))

    def _pass_on(self, event: events.Key | events.Paste) -> None:
        self.close()
        if isinstance(event, events.Key) and event.key in TAKEN:
            self.app.call_later(self.app.post_message, event)
        else:  # as soon as what was typed before it
            (self._main.focused or self._main).post_message(event)

    def close(self) -> None:
        """End it, once."""
        if not self._over:
            self._over = True
            self.dismiss(None)


def _place(widget: Widget, where: Region) -> None:
    widget.styles.offset = (where.x, where.y)
    widget.styles.width, widget.styles.height = where.width, where.height
