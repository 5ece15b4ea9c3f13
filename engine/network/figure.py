"""A graph as a figure: SVG that is equal for equal input, readable in light and dark, without MAC or moment. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import ip_interface
from xml.sax.saxutils import escape, quoteattr

from engine.network.figure_style import CHARACTER, style
from engine.network.topology import Box, Device, Graph, Passage, RouteLine

MARGIN = 20
COLUMN = 300
GAP = 24
PORT = (204, 46)
OUTSIDE = (176, 46)
PILL = 252
ROW = 18
CABLE = 42
"""Length of a cable between two boxes."""

Point = tuple[float, float]


def figure(graph: Graph, *, title: str = "The lab's network") -> str:
    """The SVG of ``graph``; ``title`` is what a screen reader says."""
    return _Drawing(graph).draw(title)


class _Drawing:
    """Lays the graph out from top to bottom: outside world, host, cables, namespaces."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.columns = max(2, graph.columns)
        self.width = 2 * MARGIN + self.columns * COLUMN + (self.columns - 1) * GAP
        self.under: list[str] = []
        self.lines: list[str] = []
        self.over: list[str] = []
        self.ports: dict[tuple[str, str], Point] = {}
        """Centres of the devices that are drawn as sockets."""
        self.contested = any(route.wins is not None for route in graph.host.routes)
        self.ways = graph.ways_out

    # -- places ------------------------------------------------------------------------------------------------

    def left(self, column: int) -> int:
        return MARGIN + column * (COLUMN + GAP)

    def centre(self, column: int) -> float:
        return self.left(column) + COLUMN / 2

    # -- the whole ---------------------------------------------------------------------------------------------

    def draw(self, title: str) -> str:
        top = MARGIN + OUTSIDE[1] + CABLE + PORT[1] // 2
        bottom = self._host(top)
        height = bottom + PORT[1] // 2 + MARGIN
        if self.graph.spaces:
            height = self._spaces(bottom + PORT[1] + CABLE) + MARGIN
        self._cables(bottom)
        self._outside(top)
        size = f"{self.width:g} {height:g}"
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{self.width:g}" '
                f'height="{height:g}" role="img" aria-label={quoteattr(title)}>',
                f"<title>{escape(title)}</title>",
                f"<style>\n{style()}\n</style>",
                _rect("ground", 0, 0, self.width, height, 10),
                *self.under,
                *self.lines,
                *self.over,
                "</svg>",
                "",
            ]
        )

    # -- the outside world -------------------------------------------------------------------------------------

    def _outside(self, host_top: float) -> None:
        graph = self.graph
        if graph.uplink is None:
            return
        y = MARGIN + OUTSIDE[1] / 2
        router, internet = self.centre(0), self.centre(1)
        x, port_y = self.ports["host", graph.uplink]
        up = (device := graph.host.device(graph.uplink)) is not None and device.state == "up"
        self._cable([(x, port_y - PORT[1] / 2), (router, y + OUTSIDE[1] / 2)], up)
        self._cable([(router + OUTSIDE[0] / 2, y), (internet - OUTSIDE[0] / 2, y)], up)
        if self._flows:
            end = internet - OUTSIDE[0] / 2
            self._flow([(x, port_y - PORT[1] / 2), (router, y + OUTSIDE[1] / 2)])
            self._flow([(router + OUTSIDE[0] / 2, y), (end, y)], heads="end")
        for centre, name, address in ((router, "router", graph.router), (internet, "internet", graph.internet)):
            self.over.append(_rect("outside outside-line line", centre - OUTSIDE[0] / 2, MARGIN, *OUTSIDE, 23))
            self.over.append(_text("text place", centre, y - 4, name))
            self.over.append(_text("quiet small", centre, y + 14, address or "–"))

    @property
    def _flows(self) -> bool:
        """Whether the way out is shown as a flow: there is one, and no contested route is the point of the figure."""
        return bool(self.ways) and not self.contested

    # -- the host ----------------------------------------------------------------------------------------------

    def _host(self, top: float) -> float:
        graph, host = self.graph, self.graph.host
        if graph.uplink is not None:
            self._port(host.name, host.device(graph.uplink), (self.centre(0), top))
        spine = self._spine(top + PORT[1] / 2)
        panel = self._panel(self.left(1), top + 14)
        y = max(spine, panel) + 26
        bars: dict[str, float] = {}
        for bridge in graph.bridges:
            bars[bridge.name] = y
            y += 40 + 24
        bottom = y + PORT[1] / 2
        for device in host.devices:
            if device.column is not None and device.kind != "bridge":
                self._port(host.name, device, (self.centre(device.column), bottom))
        for bridge in graph.bridges:
            self._bridge(bridge, bars[bridge.name])
        self._ways(spine, bars)
        self._winner(bars)
        self.under.append(_rect("host host-line line", MARGIN, top, self.width - 2 * MARGIN, bottom - top, 12))
        return bottom

    def _spine(self, y: float) -> float:
        """Address translation and FORWARD, between the uplink and what is inside. The result: where they end."""
        graph = self.graph
        x = self.centre(0) - PILL / 2
        inside, outside = self._sources()
        if graph.masquerade:
            y += 30
            if self._flows:
                self.over.append(_text("flow-text row", self.centre(0) + 10, y - 11, f"src {outside}"))
            self.over.append(_rect("nat nat-line line", x, y, PILL, 30, 8))
            self.over.append(_text("text small name", self.centre(0), y + 19.5, "MASQUERADE"))
            y += 30
        if graph.passages or graph.forwarding:
            y += 30
            if self._flows and graph.masquerade:
                self.over.append(_text("flow-text row", self.centre(0) + 10, y - 11, f"src {inside}"))
            height = 28 + ROW * len(graph.passages) + (6 if graph.passages else 0)
            self.over.append(_rect("gate gate-line line", x, y, PILL, height, 8))
            self.over.append(_text("text row name", x + 14, y + 18.5, "FORWARD"))
            self.over.append(_text("quiet row", x + 78, y + 18.5, f"policy {graph.forward_policy}"))
            for index, passage in enumerate(graph.passages):
                self.over.append(_text("text row", x + 14, y + 38 + ROW * index, _passage(passage)))
            y += height
        return y

    def _sources(self) -> tuple[str, str]:
        """A packet's source inside, and what MASQUERADE makes of it."""
        addresses = [address for space in self.graph.spaces for one in space.devices for address in one.addresses]
        inside = addresses[0].partition("/")[0] if len(addresses) == 1 else ""
        if len(networks := {str(ip_interface(one).network) for one in addresses}) == 1 and not inside:
            inside = networks.pop()
        uplink = self.graph.host.device(self.graph.uplink)
        return inside or "…", uplink.addresses[0].partition("/")[0] if uplink and uplink.addresses else "…"

    def _panel(self, x: float, y: float) -> float:
        """The host's name, what it serves, its forwarding switch and its routes."""
        host = self.graph.host
        self.over.append(_text("text title", x, y + 16, host.name))
        y += 38
        rows = [*host.servers, f"ip_forward = {int(self.graph.forwarding)}"]
        for row in rows:
            self.over.append(_text("quiet row", x, y, row))
            y += ROW
        y += 2
        width = COLUMN - 14
        self.over.append(_rect("panel panel-line line", x, y - 8, width, 28 + ROW * len(host.routes) + 4, 8))
        self.over.append(_text("quiet head", x + 12, y + 8, "ip route"))
        y += 26
        self.winner: Point | None = None
        for route in host.routes:
            if route.wins:
                self.over.append(_rect("chosen", x + 5, y - 13, width - 10, ROW, 4))
                self.winner = self.winner or (x + 5, y - 4)
            look = {None: "text row", True: "text row name", False: "quiet row lost"}[route.wins]
            self.over.append(_text(look, x + 12, y, _route(route, width - 24)))
            y += ROW
        return y - ROW + 10

    def _bridge(self, bridge: Device, y: float) -> None:
        """A bar over the columns of its ports, with a stem to each."""
        host = self.graph.host
        ports = [
            self.ports[host.name, one.name]
            for one in host.devices
            if one.master == bridge.name and one.column is not None
        ]
        xs = [x for x, _ in ports] or [self.centre(0), self.centre(1)]
        left, right = min(xs) - PORT[0] / 2, max(xs) + PORT[0] / 2
        for x, port_y in ports:
            look = "flow" if self._flows and bridge.name in self.ways else "bridge-line stem"
            self.lines.append(_path(look, [(x, y + 40), (x, port_y - PORT[1] / 2)]))
        self.over.append(_rect("bridge bridge-line line", left, y, right - left, 40, 8))
        label = f"{bridge.name}  {' '.join(bridge.addresses)}".strip()
        middle = (left + right) / 2
        width = len(label) * 13 * CHARACTER
        self.over.append(_dot(bridge.state, middle - width / 2 - 14, y + 20))
        self.over.append(
            f'<text class="text" x="{middle:g}" y="{y + 24.5:g}"><tspan class="name">{escape(bridge.name)}</tspan>'
            + (f'<tspan dx="12">{escape(" ".join(bridge.addresses))}</tspan>' if bridge.addresses else "")
            + "</text>"
        )

    def _ways(self, spine: float, bars: dict[str, float]) -> None:
        """The flow from the uplink down to every device from which there is a way out."""
        graph = self.graph
        if not self.ways or graph.uplink is None:
            return
        x, y = self.ports[graph.host.name, graph.uplink]
        self._way([(x, y + PORT[1] / 2), (x, spine)])
        for name in self.ways:
            if name in bars:
                self._way([(x, spine), (x, bars[name])])
            elif (graph.host.name, name) in self.ports:
                to_x, to_y = self.ports[graph.host.name, name]
                end = to_y - PORT[1] / 2
                bend = (spine + end) / 2
                self._way([(x, spine), (x, bend), (to_x, bend), (to_x, end)])

    def _way(self, points: Sequence[Point]) -> None:
        """A piece of the way out inside the host: a flow, or quiet where the figure is about something else."""
        self.lines.append(_path("flow" if self._flows else "cable stem", points))

    def _winner(self, bars: dict[str, float]) -> None:
        """An arrow from the route that wins to its device."""
        route = next((one for one in self.graph.host.routes if one.wins), None)
        end = self.ports.get((self.graph.host.name, route.device or "")) if route else None
        if end is None or self.winner is None:
            return
        x, y = self.winner
        lane = x - 17
        if bars and end[0] == self.centre(0):  # round the bridge, into the side of the socket
            over, side = min(bars.values()) - 13, end[0] - PORT[0] / 2
            aside = side - 24
            points = [(x, y), (lane, y), (lane, over), (aside, over), (aside, end[1] - 10), (side, end[1] - 10)]
            self._flow(points, heads="end")
            return
        to_x = min(max(lane, end[0] - PORT[0] / 2 + 30), end[0] + PORT[0] / 2 - 30)
        to_y = end[1] - PORT[1] / 2
        self._flow([(x, y), (lane, y), (lane, to_y - 18), (to_x, to_y - 18), (to_x, to_y)], heads="end")

    # -- the namespaces ----------------------------------------------------------------------------------------

    def _spaces(self, top: float) -> float:
        rows = {box.name: _facts(box) for box in self.graph.spaces}
        height = PORT[1] / 2 + 34 + ROW * max(len(some) for some in rows.values()) + 8
        for box in self.graph.spaces:
            x = self.left(box.columns[0])
            width = len(box.columns) * (COLUMN + GAP) - GAP
            self.under.append(_rect("space space-line line", x, top, width, height, 12))
            for device in box.devices:
                if device.column is not None:
                    self._port(box.name, device, (self.centre(device.column), top))
            y = top + PORT[1] / 2 + 24
            self.over.append(_text("text title", x + 20, y, box.name))
            for index, fact in enumerate(rows[box.name]):
                self.over.append(_text("quiet row", x + 20, y + 22 + ROW * index, fact))
        return top + height

    # -- devices and cables ------------------------------------------------------------------------------------

    def _port(self, space: str, device: Device | None, centre: Point) -> None:
        if device is None:
            return
        x, y = centre
        self.ports[space, device.name] = centre
        self.over.append(_rect("port port-line line", x - PORT[0] / 2, y - PORT[1] / 2, *PORT, 8))
        self.over.append(_dot(device.state, x - PORT[0] / 2 + 16, y))
        if device.addresses:
            more = f" +{len(device.addresses) - 1}" if len(device.addresses) > 1 else ""
            self.over.append(_text("text name", x + 6, y - 3, device.name))
            self.over.append(_text("text small", x + 6, y + 14, device.addresses[0] + more))
        else:
            self.over.append(_text("text name", x + 6, y + 4.5, device.name))

    def _cables(self, host_bottom: float) -> None:
        lane = 0
        for cable in self.graph.cables:
            first, second = self.ports.get(cable.first), self.ports.get(cable.second)
            if first is None or second is None:
                continue
            points = [_edge(first, host_bottom), _edge(second, host_bottom)]
            if points[0][0] != points[1][0]:
                lane += 1
                bend = host_bottom + PORT[1] / 2 + CABLE / 2 + 7 * ((lane + 1) // 2) * (-1) ** lane
                points[1:1] = [(points[0][0], bend), (points[1][0], bend)]
            self._cable(points, cable.up)
            if self._flows and cable.up and self._leads_out(cable.first[1], cable.second[1]):
                self._flow(points, heads="end")

    def _leads_out(self, *names: str) -> bool:
        devices = [one for one in self.graph.host.devices if one.name in names]
        return any(one.name in self.ways or one.master in self.ways for one in devices)

    def _cable(self, points: Sequence[Point], up: bool) -> None:
        self.lines.append(_path("cable tube" if up else "cable line off", points))
        if up:
            self.lines.append(_path("sleeve core", points))

    def _flow(self, points: Sequence[Point], heads: str = "") -> None:
        self.lines.append(_path("flow", points))
        if heads:
            (x0, y0), (x, y) = points[-2], points[-1]
            dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
            back = [(x - 9 * dx + 5 * dy, y - 9 * dy + 5 * dx), (x - 9 * dx - 5 * dy, y - 9 * dy - 5 * dx)]
            corners = " ".join(f"{a:g},{b:g}" for a, b in [(x, y), *back])
            self.over.append(f'<polygon class="flow-head" points="{corners}"/>')


def _edge(centre: Point, host_bottom: float) -> Point:
    """Where a cable leaves a socket: below it on the host, above it in a namespace."""
    x, y = centre
    return (x, y + PORT[1] / 2) if y <= host_bottom else (x, y - PORT[1] / 2)


def _facts(box: Box) -> list[str]:
    """What stands in a namespace's box besides its devices."""
    lo = "lo 127.0.0.1" if box.loopback_up else "lo DOWN"
    ways = [f"default via {route.via}" for route in box.routes if route.to == "default" and route.via]
    resolver = [f"nameserver {box.resolver}"] if box.resolver else []
    return [lo, *ways, *box.servers, *resolver]


def _passage(passage: Passage) -> str:
    mark = {"ACCEPT": "✓", "DROP": "✗", "REJECT": "✗"}.get(passage.jump, passage.jump)
    arrow = "⇄" if passage.both else "→"
    return f"{mark} {passage.first or '*'} {arrow} {passage.second or '*'}"


def _route(route: RouteLine, width: float) -> str:
    room = int(width / (12 * CHARACTER))
    return route.text if len(route.text) <= room else route.text[: room - 1] + "…"


def _rect(look: str, x: float, y: float, width: float, height: float, radius: float) -> str:
    return f'<rect class="{look}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}"/>'


def _text(look: str, x: float, y: float, words: str) -> str:
    return f'<text class="{look}" x="{x:g}" y="{y:g}">{escape(words)}</text>'


def _dot(state: str, x: float, y: float) -> str:
    return f'<circle class="{state}" cx="{x:g}" cy="{y:g}" r="4.5"/>'


def _path(look: str, points: Iterable[Point]) -> str:
    return f'<path class="{look}" d="M' + " L".join(f"{x:g} {y:g}" for x, y in points) + '"/>'
