"""The lab as one would draw it on a board: the outside above, the host across, its namespaces side by side. Pure.

::

        ╭──── router ──── internet
    ╭─┤ ● enp4s0 … ├──────────────────────────────╮
    │   ├╴MASQUERADE        host  :8080           │      what packets pass on their way out; what the host knows
    │   ╞═ ● bridge_home ═╤═ 10.0.0.1/24 ══╕      │      a row for each bridge, its ports below it
    ╰─┤ ● veth_dustin ├─┤ ● veth_leah ├───┤ ● … ├─╯
        │                 │                 │
    ╭─┤ ● veth_ns_… ├─╮ ╭─┤ …

Every namespace has a column; columns are as wide as the width alone makes them, and rows that will be needed are kept
free, so that what is there stays where it is.
"""

from __future__ import annotations

from engine.network.topology import Box, Device, RouteLine
from tui.network.canvas import HEAVY, LIGHT, Key
from tui.network.marks import route_key, shown_routes
from tui.network.places import Placement
from tui.network.scene import GATE, INTERNET, ROUTER, Scene, route_text
from tui.network.wiring import NARROWEST, ONE_LINE, Wiring
from tui.wrap import Span, cut, width_of

LEAST_COLUMNS = 3
BODY_ROWS = 6
"""Rows of the host that are always there, so that a rule or a route more moves nothing."""
LONG = 10
"""Cells by which the lines to the router and to the internet may be longer than they need be."""


def columns_at(width: int, needed: int) -> int | None:
    """How many columns a width has; ``None`` if fewer than are needed."""
    columns = max(LEAST_COLUMNS, width // (ONE_LINE + 1))
    columns = max(columns, needed)
    return columns if (width + 1) // columns >= NARROWEST else None


class Board(Wiring):
    """Draws itself at once; see the module."""

    def __init__(self, scene: Scene, width: int, columns: int, placement: Placement) -> None:
        super().__init__(scene, width, columns, placement)
        self._draw()

    def _draw(self) -> None:
        host = self.graph.host
        body, panel = self.gate_rows(), self._panel_rows()
        bars = 2 + max(BODY_ROWS, len(body), len(panel))
        ports = bars + max(1, len(self.graph.bridges))
        spaces = ports + 1 + self.cable_rows()
        self.frame(host, 0, 1, self.right, ports)
        if self.graph.spaces:
            self._spaces(spaces)
        for device in host.devices:
            column = self.placement.ports.get((host.name, device.name))
            if column is not None and column < self.columns and device.kind != "bridge":
                self.port(host, device, column, ports)
        self._outside()
        self.loopback_on_edge(self.right, 1, host)
        gate_end = self._gate(body)
        self._panel(panel)
        self.bridges(bars, ports, gate_end)
        self.cables(ports)

    # -- the outside and the way to it ---------------------------------------------------------------------------

    def _outside(self) -> None:
        graph, host = self.graph, self.graph.host
        uplink = host.device(graph.uplink)
        if uplink is None:
            return
        say, x = self.scene.say, self.dot(0)
        self.port(host, uplink, 0, 1, wide=True)
        router, internet = self.outside_words()
        spare = max(0, min(2 * LONG, self.right - internet - router - x - 12)) // 2
        at = x + 6 + spare
        far = at + router + 6 + spare
        up = uplink.state == "up"
        self.cable([(x, 1), (x, 0), (at - 1, 0)], (host.name, uplink.name), None, up)
        self.canvas.line([(at + router, 0), (far - 1, 0)], "wire")
        self.outside(ROUTER, at, 0, say("network.router"), graph.router or "")
        self.outside(INTERNET, far, 0, say("network.internet"), graph.internet)

    def _gate(self, rows: list[tuple[Key, str, str]]) -> int:
        """The rows beside the line from the uplink inwards; where the line ends."""
        x, top = self.dot(0), 2
        room = self.panel_left() - x - 4
        last = 1
        for y, (key, text, look) in enumerate(rows, top):
            if text and key[0] != "passage":
                self.canvas.line([(x, y), (x + 1, y)], "wire")
                last = y
            if text:
                words = text if width_of([Span(text)]) <= room else text.partition("  ")[0]
                self.item(x + 2, y, key, words, look, room)
        self.canvas.region(GATE, x + 1, self.panel_left() - 2, top, top + len(rows))
        if self.scene.chosen == GATE:
            for y in range(top, top + len(rows)):
                self.canvas.text(x + 1, y, "▸", "active")
        if self.graph.uplink is not None:
            lit = self.is_lit_inside()
            look, weight = ("traffic", HEAVY) if lit else ("wire", LIGHT)
            self.canvas.line([(x, 1), (x, last)], look, weight=weight)
        return last

    # -- what the host knows -------------------------------------------------------------------------------------

    def _panel_rows(self) -> list[tuple[Key, str, str]]:
        host = self.graph.host
        room = self.right - self.panel_left() - 1
        rows: list[tuple[Key, str, str]] = [(("space", host.name), "", "")]
        rows.append((("resolver", host.name), f"nameserver {host.resolver}" if host.resolver else "", "dim"))
        for route in shown_routes(host):
            look = {None: "", True: "strong", False: "dim"}[route.wins]
            rows.append((route_key(host, route), route_text(route, room), look))
        rows += [(("server", host.name, one), one, "server") for one in host.servers[1:]]
        rows += [(("device", host.name, one.name), one.name, "") for one in self._left_over()]
        return rows

    def _left_over(self) -> list[Device]:
        """Devices of the host for which there is no column."""
        ports, host = self.placement.ports, self.graph.host
        return [one for one in host.devices if ports.get((host.name, one.name), 0) >= self.columns]

    def _panel(self, rows: list[tuple[Key, str, str]]) -> None:
        x, host = self.panel_left(), self.graph.host
        room = self.right - x - 1
        end = self.name(x, 2, host, room)
        if host.servers:
            server = host.servers[0]
            self.item(end + 3, 2, ("server", host.name, server), server, "server", self.right - end - 4)
        for y, (key, text, look) in enumerate(rows[1:], 3):
            if key[0] == "device":
                self.device(x, y, host.name, next(one for one in host.devices if one.name == key[2]), room)
            elif text:
                self.item(x, y, key, text, look, room)

    # -- namespaces ----------------------------------------------------------------------------------------------

    def _spaces(self, top: int) -> None:
        rows = {box.name: self._space_rows(box) for box in self.graph.spaces}
        bottom = top + 1 + max(len(some) for some in rows.values()) + 1
        for box in self.graph.spaces:
            span = self.placement.spaces[box.name]
            left, right = self.left(span[0]), self.left(span[-1] + 1) - 2
            self.frame(box, left, top, right, bottom)
            for index, device in enumerate(box.devices):
                self.port(box, device, span[0] + index, top)
            self.name(left + 2, top + 1, box, right - left - 8)
            self.loopback(right - 5, top + 1, box)
            for y, row in enumerate(rows[box.name], top + 2):
                for x, key, text, look in row:
                    self.item(x, y, key, text, look, right - x)

    def _space_rows(self, box: Box) -> list[list[tuple[int, Key, str, str]]]:
        """Address, default route, server, resolver: each in its own row, whether it is there or not; then the rest."""
        span = self.placement.spaces[box.name]
        x = self.left(span[0]) + 2
        room = self.left(span[-1] + 1) - 2 - x
        rows: list[list[tuple[int, Key, str, str]]] = []
        if not all(self._beside(one) for space in self.graph.spaces for one in space.devices) or not self.one_line:
            rows.append(
                [
                    (self.left(span[0] + index) + 2, ("address", box.name, one.name), self.addresses(one), "")
                    for index, one in enumerate(box.devices)
                    if one.addresses and not self._beside(one)
                ]
            )
        routes, servers = shown_routes(box), box.servers
        for route in routes[:1] or (None,):
            rows.append([(x, route_key(box, route), _default(route, room), "")] if route else [])
        for server in servers[:1] or (None,):
            rows.append([(x, ("server", box.name, server), server, "server")] if server else [])
        rows.append([(x, ("resolver", box.name), _resolver(box.resolver, room), "dim")] if box.resolver else [])
        rows += [[(x, route_key(box, one), route_text(one, room), "")] for one in routes[1:]]
        rows += [[(x, ("server", box.name, one), one, "server")] for one in servers[1:]]
        return rows


def _default(route: RouteLine, room: int) -> str:
    """``default via 10.0.0.1``, shorter where it must be."""
    text = f"{route.to} via {route.via}"
    return text if len(text) <= room else cut(f"{route.to} → {route.via}", room)


def _resolver(address: str, room: int) -> str:
    """As resolv.conf has it, shorter where it must be."""
    return next((text for text in (f"nameserver {address}", f"DNS {address}") if len(text) <= room), f"@{address}")
