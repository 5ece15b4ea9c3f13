"""The live drawing of the lab: what has just changed is marked, links that packets pass are lit, all can be chosen."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual.message import Message
from textual.timer import Timer

from engine.lab import CommandRun
from engine.network.snapshot import Snapshot
from engine.network.topology import Graph
from tui.lines import Line
from tui.network import traffic
from tui.network.canvas import Key
from tui.network.choosable import ChoosableView
from tui.network.details import Details, details
from tui.network.drawing import draw
from tui.network.marks import GONE, Gone, compare, facts, with_gone
from tui.network.places import NOWHERE, Place
from tui.network.scene import Flow, Hop, Path, Scene, graph_of
from tui.words import Say
from tui.wrap import Span

MARK_SECONDS = 5.0
LIT_SECONDS = 1.2
STEP_SECONDS = 0.15
"""How long a moving sign stands still."""
PATH_SECONDS = 20.0
"""How long the path of a command that has ended is shown."""
LATE_SECONDS = 0.6
"""Counters are read a few times a second: packets may be seen that long after the command's end."""
LOOK_SECONDS = 0.4
"""No event tells of packets: while a command sends some, the counters are asked for that often."""
BETWEEN_SECONDS = 0.03
SHARE = 8
"""The signs move only if so many times of what a drawing takes have passed since the last."""
SETTLING_SECONDS = 1.0
"""A fresh lab's network still moves for a moment by itself; that is not the learner's doing, so it is not marked."""

Clock = Callable[[], float]


class _Mark(NamedTuple):
    sign: str
    until: float
    last: Graph
    """The graph before the change."""


class _Probe(NamedTuple):
    """A command whose packets are followed."""

    id: int
    text: str
    start: str
    before: Snapshot
    worked: bool | None
    until: float | None
    """When what is counted is no longer its; ``None`` while it runs."""


class TopologyView(ChoosableView):
    """Takes snapshots and commands, draws them; see the module."""

    class CommandWanted(Message):
        """The learner wants to see by this command; it belongs at the prompt, unexecuted."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    class LookWanted(Message):
        """A fresh look at the counters is wanted."""

    def __init__(self, say: Say, *, id: str | None = None, clock: Clock = time.monotonic) -> None:
        super().__init__(say, id=id)
        self._clock = clock
        self._snapshot: Snapshot | None = None
        self._shown: Snapshot | None = None
        self._graph: Graph | None = None
        self._facts: dict[Key, str] = {}
        self._marks: dict[Key, _Mark] = {}
        self._lit: dict[Place, tuple[Flow, float]] = {}
        self._probe: _Probe | None = None
        self._hops: tuple[Hop, ...] = ()
        self._phase = 0
        self._placement = NOWHERE
        self._drawn_at, self._drawing_seconds = float("-inf"), 0.0
        self._planned: Timer | None = None
        self._moving: Timer | None = None
        self._looking: Timer | None = None
        self._shown_at = float("-inf")
        self._fresh_at = 0.0

    # -- what the session says -----------------------------------------------------------------------------------

    def show(self, snapshot: Snapshot | None) -> None:
        """Take a new snapshot; ``None`` when the lab is gone. Of a storm of them the latest, every few frames."""
        self._snapshot = snapshot
        wait = self._shown_at + BETWEEN_SECONDS - self._clock()
        if wait <= 0 or snapshot is None:
            self._take()
        elif self._planned is None:
            self._planned = self.set_timer(wait, self._take)

    def command_started(self, run: CommandRun) -> None:
        """What changes from here on is this command's doing; its packets are followed if it sends any."""
        if self._marks:
            self._marks = {}
            self.refresh_drawing()
        if self._snapshot is not None and traffic.sends(run.text):
            start = traffic.origin(run.text, run.namespace)
            self._probe = _Probe(run.id, traffic.short(run.text, start), start, self._snapshot, None, None)
            self._hops = ()
            self.refresh_drawing()
            if self._looking is None:
                self._looking = self.set_interval(LOOK_SECONDS, self._look)

    def command_finished(self, run: CommandRun) -> None:
        """Its path stays for a while, with how it ended."""
        if self._probe is not None and self._probe.id == run.id:
            self._probe = self._probe._replace(worked=run.exit == 0, until=self._clock() + LATE_SECONDS)
            self.set_timer(LATE_SECONDS + PATH_SECONDS + 0.1, self.calm)
            self.refresh_drawing()
            self.post_message(self.LookWanted())

    def translate(self) -> None:
        """The language is another one."""
        self.changed()

    # -- from snapshots to what is drawn -------------------------------------------------------------------------

    def _take(self) -> None:
        if self._planned is not None:
            self._planned.stop()
            self._planned = None
        now, snapshot = self._clock(), self._snapshot
        if snapshot is None:
            self._shown = self._graph = self._probe = None
            self._marks, self._lit, self._hops = {}, {}, ()
            self._placement, self._chosen = NOWHERE, None
            self.changed()
            return
        self._shown_at = now
        before, self._shown = self._shown, snapshot
        graph = graph_of(snapshot)
        news = self._notice(graph, now)
        if before is not None and now >= self._fresh_at + SETTLING_SECONDS:
            news |= self._light(traffic.flows(before, snapshot), now)
        news |= self._follow(graph, snapshot, now)
        if news:
            self.refresh_drawing()
        if self._page is not None:
            self._page.look_again()

    def _look(self) -> None:
        """Ask for the counters while a command's packets are followed."""
        probe = self._probe
        if probe is not None and (probe.until is None or self._clock() <= probe.until):
            self.post_message(self.LookWanted())
        elif self._looking is not None:
            self._looking.stop()
            self._looking = None

    def _notice(self, graph: Graph, now: float) -> bool:
        """Mark what differs from the last graph; whether anything does."""
        last, self._graph = self._graph, graph
        if graph == last:
            return False
        new = facts(graph)
        if last is None:
            self._fresh_at = now
        elif now >= self._fresh_at + SETTLING_SECONDS:
            for key, sign in compare(self._facts, new).items():
                self._marks[key] = _Mark(sign, now + MARK_SECONDS, last)
            self._marks = {key: mark for key, mark in self._marks.items() if mark.sign != GONE or key not in new}
            self.set_timer(MARK_SECONDS + 0.1, self.calm)
        self._facts = new
        return True

    def _light(self, flows: dict[Place, Flow], now: float) -> bool:
        for place, flow in flows.items():
            self._lit[place] = (flow, now + LIT_SECONDS)
        if self._lit and self._moving is None:
            self._moving = self.set_interval(STEP_SECONDS, self.move)
        return bool(flows)

    def _follow(self, graph: Graph, snapshot: Snapshot, now: float) -> bool:
        """How far the command's packets have come by now."""
        probe, hops = self._probe, self._hops
        if probe is None or (probe.until is not None and now > probe.until):
            return False
        self._hops = traffic.followed(graph, probe.start, probe.before, snapshot)
        return self._hops != hops

    def move(self) -> None:
        """A step of the moving signs; links that no packet passes any more go out."""
        now = self._clock()
        if now < self._drawn_at + SHARE * self._drawing_seconds:  # large, and drawn just now
            return
        self._phase += 1
        self._lit = {place: one for place, one in self._lit.items() if one[1] > now}
        if not self._lit and self._moving is not None:
            self._moving.stop()
            self._moving = None
        self.refresh_drawing()

    def calm(self) -> None:
        """Marks and paths whose time is over vanish."""
        now = self._clock()
        self._marks = {key: mark for key, mark in self._marks.items() if mark.until > now}
        if self._probe is not None and self._probe.until is not None and now > self._probe.until + PATH_SECONDS:
            self._probe, self._hops = None, ()
        self.refresh_drawing()

    def lines(self, width: int) -> Sequence[Line]:
        if self._graph is None:
            self._regions = ()
            return [Line((Span(self._say("network.none"), "dim"),))]
        began = time.monotonic()
        drawing = draw(self._scene(), width)
        self._drawn_at = self._clock()
        self._drawing_seconds = time.monotonic() - began
        self._regions, self._placement = drawing.regions, drawing.placement
        return drawing.lines

    def _scene(self) -> Scene:
        assert self._graph is not None
        gone = [Gone(key, mark.last) for key, mark in self._marks.items() if mark.sign == GONE]
        return Scene(
            graph=with_gone(self._graph, gone),
            say=self._say,
            placement=self._placement,
            marks={key: mark.sign for key, mark in self._marks.items()},
            flows={place: flow for place, (flow, _) in self._lit.items()},
            phase=self._phase,
            path=Path(self._probe.text, self._hops, self._probe.worked) if self._probe else None,
            chosen=self._chosen,
        )

    def on_show(self) -> None:
        """While it was not seen it was not drawn."""
        self.changed()

    # -- what is chosen in it ------------------------------------------------------------------------------------

    def details_of(self, key: Key) -> Details | None:
        if self._shown is None or self._graph is None:
            return None
        return details(self._shown, self._graph, key, self._say)

    def want(self, command: str) -> None:
        self.post_message(self.CommandWanted(command))
