"""The lab for a narrow place: the host above, its namespaces below, cables in lanes at the right. Pure.

::

       ╭─ router
    ╭──┼─ host ─────────────╮
    │  ● enp4s0 …           │
    │  ├╴FORWARD policy …   │
    │  ╰╴● bridge_home      │
    │     ╰╴● veth_dustin ──┼─╮
    ╰───────────────────────╯ │
    ╭ netns_dustin ─────────╮ │
    │ ● veth_ns_dustin ─────┼─╯
    ╰───────────────────────╯
"""

from __future__ import annotations

from engine.network.topology import Box, Cable, Device
from tui.network.canvas import HEAVY, LIGHT, Key, Point
from tui.network.marks import route_key, shown_routes
from tui.network.pen import Pen
from tui.network.places import Place
from tui.network.scene import GATE, INTERNET, ROUTER, Scene, route_text
from tui.wrap import Span, cut, width_of

ROOMY = 46
"""From here on lanes have a space between them."""
LEAST_LANES, MOST_LANES = 3, 8
"""For the first there is always room; of more than the last one could not follow any."""
LEAST_BOX = 30
SPINE = 3
"""Where the line from the uplink inwards runs."""


class Stack(Pen):
    """Draws itself at once; see the module."""

    def __init__(self, scene: Scene, width: int) -> None:
        super().__init__(scene, width)
        self.pitch = 2 if width >= ROOMY else 1
        fitting = min(MOST_LANES, max(0, (width - LEAST_BOX) // self.pitch))
        self.lanes = list(self.graph.cables)[:fitting]
        self.right = width - 1 - self.pitch * min(fitting, max(LEAST_LANES, len(self.lanes)))
        self.ends: dict[Place, Point] = {}
        """Where the text of a device ends: its cable begins behind it."""
        self._draw()

    def _draw(self) -> None:
        y = self._outside()
        y = self._host(y)
        for box in self.graph.spaces:
            y = self._space(box, y)
        self._cables()

    def _outside(self) -> int:
        graph, say = self.graph, self.scene.say
        uplink = graph.host.device(graph.uplink)
        if uplink is None:
            return 0
        router, internet = self.outside_words()
        place, up = (graph.host.name, uplink.name), uplink.state == "up"
        if 6 + router + 6 + internet <= self.right:
            far = 6 + router + 6
            self.canvas.line([(6 + router, 0), (far - 1, 0)], "wire")
            y = 0
        else:
            far, y = 6, 1
            end = 8 + max(router, internet)
            self.canvas.line([(far + internet, 0), (end, 0), (end, 1), (6 + router, 1)], "wire")
        self.outside(INTERNET, far, 0, say("network.internet"), graph.internet)
        self.outside(ROUTER, 6, y, say("network.router"), graph.router or "")
        self.cable([(SPINE, y + 2), (SPINE, y), (5, y)], place, None, up)
        return y + 1

    # -- the host ------------------------------------------------------------------------------------------------

    def _host(self, top: int) -> int:
        graph, host = self.graph, self.graph.host
        y = top + 1
        uplink = host.device(graph.uplink)
        if uplink is not None:
            y = self._device(host, uplink, SPINE, y)
        start = y
        y, last = self._gate(y)
        ways = set(graph.ways_out)
        for device in self._roots():
            if device.name in ways:
                self.canvas.line([(SPINE, last), (SPINE, y), (SPINE + 1, y)], "wire")
                last = y
            y = self._device(host, device, SPINE + 2, y)
            for port in (one for one in host.devices if one.master == device.name and device.kind == "bridge"):
                above = next(at for at in range(y - 1, -1, -1) if self._is_trunk(at, device))
                self.canvas.line([(SPINE + 2, above), (SPINE + 2, y), (SPINE + 3, y)], "bus")
                y = self._device(host, port, SPINE + 4, y)
        if uplink is not None:
            look, weight = ("traffic", HEAVY) if self.is_lit_inside() else ("wire", LIGHT)
            self.canvas.line([(SPINE, start - 1), (SPINE, last)], look, weight=weight)
        y = self._facts(host, y)
        self.frame(host, 0, top, self.right, y)
        self._title(host, top, 6)
        return y + 1

    def _is_trunk(self, y: int, bridge: Device) -> bool:
        """Whether the line of a bridge's ports can begin in this row."""
        end = self.ends.get((self.graph.host.name, bridge.name))
        return end is not None and y == end[1]

    def _roots(self) -> list[Device]:
        """Bridges, then devices without one."""
        host = self.graph.host
        bridges = [one.name for one in self.graph.bridges]
        alone = [one for one in host.devices if one.kind != "bridge" and one.name != self.graph.uplink]
        return [*self.graph.bridges, *(one for one in alone if one.master not in bridges)]

    def _gate(self, y: int) -> tuple[int, int]:
        """The rows of the gate; the next row, and where the line to them ends."""
        start, last = y, y - 1
        for key, text, look in self.gate_rows():
            if not text:
                continue
            if key[0] != "passage":
                self.canvas.line([(SPINE, y), (SPINE + 1, y)], "wire")
                last = y
            room = self.right - SPINE - 3
            words = text if width_of([Span(text)]) <= room else text.partition("  ")[0]
            self.item(SPINE + 2, y, key, words, look, room)
            y += 1
        self.canvas.region(GATE, SPINE + 1, self.right, start, y)
        if self.scene.chosen == GATE:
            for at in range(start, y):
                self.canvas.text(SPINE + 1, at, "▸", "active")
        return y, last

    # -- namespaces ----------------------------------------------------------------------------------------------

    def _space(self, box: Box, top: int) -> int:
        y = top + 1
        for device in box.devices:
            y = self._device(box, device, 2, y)
        y = self._facts(box, y)
        self.frame(box, 0, top, self.right, y)
        self._title(box, top, 2)
        return y + 1

    def _title(self, box: Box, y: int, x: int) -> None:
        self.canvas.text(x - 1, y, " ")
        end = self.name(x, y, box, self.right - x - 8)
        self.canvas.text(end, y, " ")
        self.loopback_on_edge(self.right, y, box)

    def _facts(self, box: Box, y: int) -> int:
        """Routes, servers, resolver."""
        room = self.right - 3
        rows: list[tuple[Key, str, str]] = []
        for route in shown_routes(box):
            look = {None: "", True: "strong", False: "dim"}[route.wins]
            shown = route_text(route, room) if box is self.graph.host else f"{route.to} via {route.via}"
            rows.append((route_key(box, route), shown, look))
        rows += [(("server", box.name, one), one, "server") for one in box.servers]
        if box.resolver:
            rows.append((("resolver", box.name), f"nameserver {box.resolver}", "dim"))
        for key, text, look in rows:
            self.item(2, y, key, text, look, room)
            y += 1
        return y

    # -- devices and cables --------------------------------------------------------------------------------------

    def _device(self, box: Box, device: Device, x: int, y: int) -> int:
        """A device in a row, its addresses in the next if they do not fit; the row after."""
        room = self.right - x - 2
        addresses = self.addresses(device)
        beside = width_of([Span(device.name)]) + 3 + len(addresses) <= room
        end = self.device(x, y, box.name, device, room, address=beside)
        self.ends[box.name, device.name] = (end, y)
        if not beside and addresses:
            self.item(x + 2, y + 1, ("address", box.name, device.name), addresses, room=room - 2)
            return y + 2
        return y + 1

    def _cables(self) -> None:
        routes = [(cable, points) for cable in self.lanes if (points := self._route(cable))]
        for cable, points in routes:
            self.canvas.line(points[2:4], "wire" if cable.up else "wire-down", dashed=not cable.up)
        for cable, points in routes:
            self.cable(points, cable.first, cable.second, cable.up)
            for x, y in (points[0], points[-1]):
                self.canvas.text(x, y, " ")
        for cable in self.graph.cables:
            if cable not in self.lanes:
                self._name_other_end(cable.first, cable.second)
                self._name_other_end(cable.second, cable.first)

    def _route(self, cable: Cable) -> list[Point]:
        """From the first device through its box's edge, along the lane, to the second."""
        first, second = self.ends.get(cable.first), self.ends.get(cable.second)
        if first is None or second is None:
            return []
        lane = self.right + self.pitch * (1 + self.lanes.index(cable))
        (x, y), (other_x, other_y) = first, second
        edge = self.right
        return [(x, y), (edge, y), (lane, y), (lane, other_y), (edge, other_y), (other_x, other_y)]

    def _name_other_end(self, end: Place, other: Place) -> None:
        """In place of a cable for which there is no lane."""
        x, y = self.ends.get(end, (self.right, 0))
        room = self.right - x - 2
        self.canvas.text(x + 1, y, cut(f"⇄ {other[1]}", room), "dim")
