"""The figure of a graph: well-formed, equal for equal input, inside its bounds, readable in light and dark."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from engine.network.figure import figure
from engine.network.figure_style import CHARACTER, PALETTE
from engine.network.snapshot import Namespace, Snapshot
from engine.network.topology import topology
from tests.network.picture import MASQUERADE, accept, host, link, picture, space

RULES = (accept("veth_dustin", "enp4s0"), accept("enp4s0", "veth_dustin"), MASQUERADE)
BRIDGE_RULES = (accept("br", "br"), accept("br", "enp4s0"), accept("enp4s0", "br"), MASQUERADE)
LONG = "a23456789012345"  # as long as a device's name may be, less "veth_ns_"


def bridged() -> Snapshot:
    base = host("dustin", "leah", forwarding=True, rules=BRIDGE_RULES, master="br")
    with_bridge = replace(base, links=(*base.links, link("br", "bridge")), routes=base.routes[:1])
    return picture(with_bridge, space("dustin"), space("leah", 2))


PICTURES = {
    "start": picture(host()),
    "pair": picture(host("dustin"), space("dustin")),
    "down": picture(host("dustin"), space("dustin", up=False)),
    "internet": picture(host("dustin", forwarding=True, rules=RULES), space("dustin")),
    "two": picture(host("dustin", "leah", forwarding=True, rules=RULES), space("dustin"), space("leah", 2)),
    "bridge": bridged(),
    "five": picture(host(*"abcde"), *(space(name, at) for at, name in enumerate("abcde", 1))),
    "long": picture(host(LONG[:10]), space(LONG[:10])),
    "empty": picture(Namespace(name="host", inode=1), Namespace(name="<&>\"'", inode=2)),
}
SVG = "{http://www.w3.org/2000/svg}"


def drawn(name: str) -> ElementTree.Element:
    return ElementTree.fromstring(figure(topology(PICTURES[name])))


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", PICTURES)
def test_well_formed_and_inside_its_bounds(name: str) -> None:
    root = drawn(name)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for element in root.iter(f"{SVG}rect"):
        x, y, w, h = (float(element.attrib[key]) for key in ("x", "y", "width", "height"))
        assert x >= 0 and x + w <= width and y >= 0 and y + h <= height
    for element in root.iter(f"{SVG}text"):
        x, room = float(element.attrib["x"]), len("".join(element.itertext())) * 13 * CHARACTER
        start = x if {"row", "head", "title"} & set(element.attrib["class"].split()) else x - room / 2
        assert start > 0 and start + room * 0.9 < width and 0 < float(element.attrib["y"]) < height
    for element in root.iter(f"{SVG}path"):
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", element.attrib["d"])]
        assert all(0 <= x <= width for x in numbers[::2]) and all(0 <= y <= height for y in numbers[1::2])


@pytest.mark.parametrize("name", PICTURES)
def test_equal_input_gives_an_equal_figure(name: str) -> None:
    snapshot = PICTURES[name]
    later = replace(
        snapshot,
        sequence=99,
        namespaces=tuple(
            replace(one, inode=one.inode + 70, links=tuple(replace(two, mac="12:34", index=9) for two in one.links))
            for one in snapshot.namespaces
        ),
    )
    assert figure(topology(snapshot)) == figure(topology(later))


def test_what_a_figure_says() -> None:
    words = texts(drawn("internet"))
    for expected in (
        "router",
        "192.168.0.1",
        "114.114.114.114",
        "enp4s0",
        "192.168.0.100/24",
        "veth_dustin",
        "netns_dustin",
        "default via 10.0.0.10",
        "MASQUERADE",
        "policy DROP",
        "✓ veth_dustin ⇄ enp4s0",
        "src 10.0.0.11",
        "src 192.168.0.100",
        ":8080 http.server",
    ):
        assert expected in words


def test_flow_only_where_there_is_a_way_out() -> None:
    def flows(name: str) -> int:
        return sum(element.attrib.get("class") == "flow" for element in drawn(name).iter(f"{SVG}path"))

    assert flows("internet") and flows("bridge")
    assert not flows("pair") and not flows("down")
    assert flows("two") == 1, "the arrow to the route that wins"


def test_the_losing_route_is_struck_out() -> None:
    lost = [element.text for element in drawn("two").iter(f"{SVG}text") if "lost" in element.attrib["class"]]
    assert lost == ["10.0.0.0/24 dev veth_leah"]


def test_a_down_cable_is_broken() -> None:
    def broken(name: str) -> list[str]:
        return [
            element.attrib["class"] for element in drawn(name).iter(f"{SVG}path") if "off" in element.attrib["class"]
        ]

    assert len(broken("down")) == 1 and broken("pair") == []


def test_the_title_is_for_screen_readers() -> None:
    root = ElementTree.fromstring(figure(topology(PICTURES["start"]), title='a "pair" <&>'))
    assert root.attrib["aria-label"] == 'a "pair" <&>' == root.findtext(f"{SVG}title")


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("side", [1, 2], ids=["light", "dark"])
@pytest.mark.parametrize(
    "ground", ["ground", "host", "space", "panel", "port", "bridge", "outside", "gate", "nat", "chosen"]
)
def test_contrast(ground: str, side: int) -> None:
    below = PALETTE[ground][side]
    assert _contrast(PALETTE["text"][side], below) >= 7
    assert _contrast(PALETTE["quiet"][side], below) >= 4.5
    if ground in ("host", "ground"):
        assert _contrast(PALETTE["flow-text"][side], below) >= 4.5
        assert _contrast(PALETTE["flow"][side], below) >= 3
        assert _contrast(PALETTE["cable"][side], below) >= 3
