"""Columns of equal width, the devices on the edges of the boxes in them, and all that connects those. Pure."""

from __future__ import annotations

from engine.network.topology import Box, Cable, Device
from tui.network.canvas import DOUBLE, HEAVY, LIGHT, Point
from tui.network.pen import WORDS, Pen
from tui.network.places import Place, Placement
from tui.network.scene import Scene
from tui.wrap import Span, width_of

NARROWEST, ROOMY, ONE_LINE, WIDEST = 22, 24, 37, 44
"""Cells of a column: the least; from where its devices have some air; an address stands beside its device; the most."""
PANEL = 36
"""Where what the host knows begins, at the earliest."""


class Wiring(Pen):
    """Knows where columns are; draws devices, bridges and cables."""

    def __init__(self, scene: Scene, width: int, columns: int, placement: Placement) -> None:
        self.cells = min(width + 1, WIDEST * columns)
        self.columns = columns
        super().__init__(scene, self.cells - 1)
        self.placement = placement
        self.column = self.cells // columns
        """Cells of the narrowest column; those at the left may have one more."""
        self.inset = 2 if self.column >= ROOMY else 1
        self.one_line = self.column >= ONE_LINE
        self.right = self.cells - 2
        self.sockets: dict[Place, Point] = {}

    def left(self, column: int) -> int:
        return -(-column * self.cells // self.columns)

    def dot(self, column: int) -> int:
        """Where the sign of a device in this column stands: its cables begin and end there."""
        return self.left(column) + self.inset + 2

    def panel_left(self) -> int:
        """Where what the host knows begins."""
        return self.left(1) + 2 if self.left(1) + 2 >= PANEL else max(PANEL, (self.right + 1) // 2)

    # -- bridges and the way inside ------------------------------------------------------------------------------

    def bridges(self, bars: int, ports: int, gate_end: int) -> None:
        """A bar for each bridge with a stem to each port, and the line that shows that a way out is open."""
        graph, host = self.graph, self.graph.host
        x = self.dot(0)
        look, weight = ("traffic", HEAVY) if self.is_lit_inside() else ("wire", LIGHT)
        rows = {bridge.name: bars + index for index, bridge in enumerate(graph.bridges)}
        for name in graph.ways_out:
            if name in rows:
                self.canvas.line([(x, gate_end), (x, rows[name])], look, weight=weight)
            elif (host.name, name) in self.sockets:
                to = self.sockets[host.name, name][0]
                points = [(x, gate_end), (x, ports)] if to == x else [(x, gate_end), (x, bars), (to, bars), (to, ports)]
                self.canvas.line(points, look, weight=weight)
        for bridge in graph.bridges:
            self._bridge(bridge, rows[bridge.name], ports, bridge.name in graph.ways_out)

    def _bridge(self, bridge: Device, y: int, ports: int, way: bool) -> None:
        host, flows = self.graph.host, self.scene.flows
        ends = [
            (self.sockets[host.name, one.name][0], (host.name, one.name))
            for one in host.devices
            if one.master == bridge.name and (host.name, one.name) in self.sockets
        ]
        for x, port in ends:
            lit = port in flows
            self.canvas.line([(x, y), (x, ports)], "traffic" if lit else "bus", weight=HEAVY if lit else LIGHT)
        hangs = bool(ends) or way
        start = min([x for x, _ in ends] + ([self.dot(0)] if way else []), default=self.dot(0))
        next_dot = next((dot for at in range(self.columns) if (dot := self.dot(at)) > start), start + self.column)
        slot = next_dot - start - 6
        label = 4 + width_of([Span(bridge.name)]) + (len(WORDS[bridge.state]) + 1 if WORDS[bridge.state] else 0)
        facts = self.addresses(bridge)
        joined = bool(facts) and label + 1 + len(facts) <= slot
        label_end = start + 3 + label + (1 + len(facts) if joined else 0)
        address_at = next_dot + 2
        end = max([label_end, *(x for x, _ in ends)] + ([address_at - 1] if facts and not joined and not ends else []))
        lit = (host.name, bridge.name) in flows or sum(port in flows for _, port in ends) > 1
        points = [(start if hangs else start + 3, y), (min(end, self.right - 1), y)]
        look, weight = ("traffic", HEAVY) if lit else ("bus", DOUBLE)
        self.canvas.line(points, look, weight=weight, dashed=bridge.state == "down", behind=True)
        if lit:
            self.move(points, True, False)
        self.canvas.text(start + 2, y, " ")
        end = self.device(start + 3, y, host.name, bridge, self.right - start - 4 if joined else slot, address=joined)
        self.canvas.text(end, y, " ")
        if facts and not joined:
            self.canvas.text(address_at - 1, y, " ")
            end = self.item(address_at, y, ("address", host.name, bridge.name), facts)
            self.canvas.text(end, y, " ")

    # -- devices and cables --------------------------------------------------------------------------------------

    def port(self, box: Box, device: Device, column: int, y: int, *, wide: bool = False) -> int:
        """A device on the edge of its box."""
        x = self.dot(column)
        self.sockets[box.name, device.name] = (x, y)
        room = (self.panel_left() if wide else self.left(column + 1) - 1) - x - 2
        self.canvas.text(x - 2, y, "┤ ", "frame")
        end = self.device(x, y, box.name, device, room, address=self._beside(device) or wide)
        self.canvas.text(x + 1, y, " ")
        if end - x < room and not (self.column < ROOMY and end - x >= room - 1):
            end = self.canvas.text(end, y, " ")
        return self.canvas.text(end, y, "├", "frame")

    def _beside(self, device: Device) -> bool:
        """Whether the addresses of a device have room beside its name."""
        room = self.column - self.inset - 5
        return self.one_line and width_of([Span(device.name)]) + 3 + len(self.addresses(device)) <= room

    def _bent(self) -> list[Cable]:
        """Cables that do not lead straight down from the host."""
        return [one for one in self.graph.cables if not self._is_straight(one)]

    def _is_straight(self, cable: Cable) -> bool:
        ports, host = self.placement.ports, self.graph.host.name
        spaces = (cable.first[0], cable.second[0])
        return (host in spaces) and spaces != (host, host) and ports.get(cable.first) == ports.get(cable.second)

    def _addressed(self) -> list[tuple[int, Device]]:
        """Devices of the host whose address stands below them."""
        host, ports = self.graph.host, self.placement.ports
        found = [(ports.get((host.name, one.name), self.columns), one) for one in host.devices if one.kind != "bridge"]
        return [(at, one) for at, one in found if at < self.columns and one.addresses and not self._beside(one)]

    def cable_rows(self) -> int:
        """Rows between the host and its namespaces."""
        if not self.graph.spaces and not self._bent() and not self._addressed():
            return 0
        return max(1, len(self._bent()) + self._first_lane())

    def _first_lane(self) -> int:
        """1 if the address of another device would be in the way of a bent cable, else 0."""
        ports, crossed = self.placement.ports, set()
        for cable in self._bent():
            ends = sorted(ports.get(end, 0) for end in (cable.first, cable.second))
            crossed |= set(range(ends[0] + 1, ends[1]))
        return int(any(column in crossed for column, _ in self._addressed()))

    def cables(self, ports: int) -> None:
        """Every cable; the host's devices are in the row ``ports``."""
        host = self.graph.host
        for cable in self.graph.cables:
            first, second = self.sockets.get(cable.first), self.sockets.get(cable.second)
            if first and second and self._is_straight(cable):
                self.cable([first, second], cable.first, cable.second, cable.up)
        lane = ports + 1 + self._first_lane()
        for cable in self._bent():
            first, second = self.sockets.get(cable.first), self.sockets.get(cable.second)
            if first and second:
                points = [first, (first[0], lane), (second[0], lane), second]
                self.cable(points, cable.first, cable.second, cable.up)
                lane += 1
        for column, device in self._addressed():
            x = self.dot(column) + 2
            self.canvas.text(x - 1, ports + 1, " ")
            end = self.item(x, ports + 1, ("address", host.name, device.name), self.addresses(device))
            self.canvas.text(end, ports + 1, " ")
