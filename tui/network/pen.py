"""How the things of a drawing look: a device, a box, a cable, the gate. Pure; where they stand others decide."""

from __future__ import annotations

from collections.abc import Sequence

from engine.network.topology import Box, Device
from tui.network.canvas import HEAVY, LIGHT, Canvas, Key, Point, trail
from tui.network.marks import FORWARDING, GONE, POLICY, container
from tui.network.places import Place
from tui.network.scene import Flow, Scene, passage_text
from tui.wrap import Span, cut, width_of

DOTS = {"up": ("●", "good"), "no-carrier": ("◐", "pending"), "down": ("○", "bad")}
WORDS = {"up": "", "no-carrier": "NO-CARRIER", "down": "DOWN"}
ARROWS = {(0, -1): "▲", (1, 0): "▶", (0, 1): "▼", (-1, 0): "◀"}


class Pen:
    """Draws the things of a scene on a canvas; subclasses decide where they stand."""

    def __init__(self, scene: Scene, width: int) -> None:
        self.scene = scene
        self.graph = scene.graph
        self.canvas = Canvas(width)
        self.hops = {hop.place: hop.number for hop in scene.path.hops} if scene.path else {}

    def item(self, x: int, y: int, key: Key, text: str, look: str = "", room: int | None = None) -> int:
        """Text with its mark in the cell before it. The result: the cell after it."""
        mark = self.scene.marks.get(key)
        if mark is not None:
            look = f"{look} {'gone' if mark == GONE else 'changed'}".strip()
            if self.scene.marks.get(container(key) or ()) != mark:  # what it is part of has the sign for all
                self.canvas.text(x - 1, y, mark, "bad strong" if mark == GONE else f"{look} strong")
        return self.canvas.text(x, y, text if room is None else cut(text, room), look)

    def device(self, x: int, y: int, space: str, device: Device, room: int, *, address: bool = True) -> int:
        """State, name and, if there is room, the word for the state and the addresses; a hop's number before it."""
        key = ("device", space, device.name)
        dot, look = DOTS[device.state]
        chosen = "chosen " if self.scene.chosen == key else ""
        hop = self.hops.get((space, device.name))
        if hop is not None and key not in self.scene.marks:
            self.canvas.text(x - 1, y, str(hop) if hop < 10 else "·", "traffic strong")
        start = x
        self.item(x, y, key, dot, look)
        self.canvas.text(x + 1, y, " ")
        x = self.item_after(x + 2, y, key, cut(device.name, room - 2), f"{chosen}strong")
        word = WORDS[device.state]
        facts = self.addresses(device) if address else ""
        if word and x + 1 + len(word) + (len(facts) + 1 if facts else 0) <= start + room:
            self.canvas.text(x, y, " ")
            x = self.item_after(x + 1, y, key, word, look)
        if facts and x + 1 + len(facts) <= start + room:
            self.canvas.text(x, y, " ")
            x = self.item(x + 1, y, ("address", space, device.name), facts)
        self.canvas.region(key, start - 1, x, y, y + 1)
        return x

    def item_after(self, x: int, y: int, key: Key, text: str, look: str) -> int:
        """More of something whose mark is there already."""
        mark = self.scene.marks.get(key)
        if mark is not None:
            look = f"{look} {'gone' if mark == GONE else 'changed'}"
        return self.canvas.text(x, y, text, look)

    def addresses(self, device: Device) -> str:
        """The first address, and how many more."""
        if not device.addresses:
            return ""
        more = f" +{len(device.addresses) - 1}" if len(device.addresses) > 1 else ""
        return device.addresses[0] + more

    def loopback(self, x: int, y: int, box: Box) -> None:
        """``● lo``, four cells."""
        dot, look = DOTS["up" if box.loopback_up else "down"]
        if any(self.scene.flows.get((box.name, "lo"), ())):
            look = "traffic strong"
        key = ("loopback", box.name)
        hop = self.hops.get((box.name, "lo"))
        if hop is not None and key not in self.scene.marks:
            self.canvas.text(x - 1, y, str(hop), "traffic strong")
        end = self.item(x, y, key, dot, look)
        device = ("device", box.name, "lo")
        self.canvas.text(end, y, " ")
        self.canvas.text(end + 1, y, "lo", "chosen strong" if self.scene.chosen == device else "dim")
        self.canvas.region(device, x, end + 3, y, y + 1)

    def loopback_on_edge(self, right: int, y: int, box: Box) -> None:
        """The same, on a horizontal edge that ends at ``right``."""
        self.canvas.text(right - 6, y, " ")
        self.loopback(right - 5, y, box)
        self.canvas.text(right - 1, y, " ")

    def name(self, x: int, y: int, box: Box, room: int) -> int:
        """The name of a box."""
        key = ("space", box.name)
        text = self.scene.say("network.host") if box is self.graph.host else box.name
        look = "space chosen" if self.scene.chosen == key else "space"
        return self.item(x, y, key, text, look, room)

    def frame(self, box: Box, left: int, top: int, right: int, bottom: int) -> None:
        """The frame of a box; a chosen one is drawn heavier."""
        key = ("space", box.name)
        look = "frame"
        mark = self.scene.marks.get(key)
        if mark is not None:
            look = "bad" if mark == GONE else "changed"
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        chosen = self.scene.chosen == key
        self.canvas.line(corners, "active" if chosen else look, weight=HEAVY if chosen else LIGHT)
        self.canvas.region(key, left, right + 1, top, bottom + 1)

    def cable(self, points: Sequence[Point], first: Place, second: Place | None, up: bool) -> None:
        """From one device to another, or to where nothing is counted; lit and with moving signs if packets pass."""
        forward, backward = self.directions(first, second)
        lit = forward or backward
        look = "traffic" if lit else ("wire" if up else "wire-down")
        self.canvas.line(points, look, weight=HEAVY if lit else LIGHT, dashed=not up and not lit, behind=True)
        if lit:
            self.move(points, forward, backward)

    def directions(self, first: Place, second: Place | None) -> tuple[bool, bool]:
        """Whether packets go from the first to the second, and back."""
        nothing = Flow(False, False)
        here = self.scene.flows.get(first, nothing)
        there = self.scene.flows.get(second, nothing) if second else nothing
        return here.sent or there.received, here.received or there.sent

    def move(self, points: Sequence[Point], forward: bool, backward: bool) -> None:
        """The signs that move along a lit line."""
        cells = [(at, step) for at, step in trail(points) if at not in (points[0], points[-1])]
        if not cells:
            return
        phase = self.scene.phase
        if forward and (not backward or phase % 2 == 0):
            at, step = cells[(phase // (2 if backward else 1)) % len(cells)]
            self.canvas.text(*at, ARROWS[step], "traffic strong")
        if backward and (not forward or phase % 2 == 1):
            at, step = cells[-1 - (phase // (2 if forward else 1)) % len(cells)]
            self.canvas.text(*at, ARROWS[-step[0], -step[1]], "traffic strong")

    def is_lit_inside(self) -> bool:
        """Packets passed the uplink and a device inside."""
        flows, host = self.scene.flows, self.graph.host.name
        return (host, self.graph.uplink or "") in flows and any((host, name) in flows for name in self.graph.ways_out)

    def gate_rows(self) -> list[tuple[Key, str, str]]:
        """What happens to packets between the uplink and the inside, from the uplink inwards; key, text, look. The
        first is empty where there is no address translation, so that nothing moves when there is one."""
        graph = self.graph
        uplink = graph.host.device(graph.uplink)
        source = uplink.addresses[0].partition("/")[0] if uplink and uplink.addresses else ""
        rows: list[tuple[Key, str, str]] = []
        for name in graph.masquerade:
            extra = (f"  src → {source}" if source else "") if name == graph.uplink else f" -o {name}"
            rows.append((("nat", name), f"MASQUERADE{extra}", "nat"))
        rows = rows or [(("nat",), "", "")]
        rows.append((FORWARDING, f"ip_forward = {int(graph.forwarding)}", "" if graph.forwarding else "dim"))
        policy = "bad" if graph.forward_policy in ("DROP", "REJECT") else ""
        rows.append((POLICY, f"FORWARD policy {graph.forward_policy}", policy))
        for one in graph.passages:
            key = ("passage", one.first or "*", one.second or "*", one.jump)
            rows.append((key, f" {passage_text(one)}", "good" if one.jump == "ACCEPT" else "bad"))
        return rows

    def outside(self, key: Key, x: int, y: int, text: str, address: str) -> int:
        """The router or the internet."""
        look = "chosen strong" if self.scene.chosen == key else "strong"
        self.canvas.text(x - 1, y, " ")
        end = self.canvas.text(x, y, text, look)
        self.canvas.text(end, y, " ")
        end = self.canvas.text(end + 1, y, address or "–", "dim")
        self.canvas.text(end, y, " ")
        self.canvas.region(key, x, end, y, y + 1)
        return end

    def outside_words(self) -> tuple[int, int]:
        """Cells that the router and the internet need."""
        say = self.scene.say
        router = width_of([Span(say("network.router"))]) + 1 + len(self.graph.router or "–")
        return router, width_of([Span(say("network.internet"))]) + 1 + len(self.graph.internet)
