"""The drawing of the lab: as it is written down, complete, within its bounds, and steady."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from engine.network.snapshot import Address, Snapshot
from tests.network.picture import MASQUERADE, accept, host, link, picture, space
from tests.tui.network.moments import DRAWINGS, EVERY, FIGURES, LESSONS, WIDTHS, drawn, load, say, text
from tui.network.canvas import Key, Region
from tui.network.drawing import Drawing, draw
from tui.network.places import NOWHERE, Placement
from tui.network.scene import Flow, Hop, Path, Scene, graph_of

ALL_WIDTHS = (*range(36, 132, 5), 65, 66, 68, 150, 200, 300)
RULES = (accept("veth_dustin", "enp4s0"), accept("enp4s0", "veth_dustin"), MASQUERADE)


def lines_of(snapshot: Snapshot, width: int = 78, **more: object) -> list[str]:
    return text(draw(Scene(graph_of(snapshot), say(), **more), width)).splitlines()  # type: ignore[arg-type]


def pair(**more: object) -> Snapshot:
    return picture(host("dustin", **more), space("dustin"))  # type: ignore[arg-type]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", FIGURES)
def test_the_figures(name: str, width: int) -> None:
    """As they stand in ``drawings``; ``python -m tests.tui.network.moments drawings`` draws them anew."""
    expected = (DRAWINGS / f"{name}-{width}.txt").read_text(encoding="utf-8")
    assert text(drawn(name, width)) == expected


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", EVERY)
def test_complete_and_never_wider_than_its_place(name: str, language: str) -> None:
    snapshot = load(name)
    for width in ALL_WIDTHS:
        drawing = drawn(name, width, language)
        assert max(cell_len(line.text) for line in drawing.lines) <= width
        everything = text(drawing)
        for box in snapshot.namespaces:
            assert box.name == "host" or box.name in everything
            for one in box.links:
                assert one.name in everything, (width, one.name)
            for address in box.addresses:
                assert address.is_ipv6 or address.link == "lo" or address.cidr in everything, (width, address)
        keys = {region.key for region in drawing.regions}
        for box in snapshot.namespaces:
            assert ("space", box.name) in keys
            assert {("device", box.name, one.name) for one in box.links if one.kind != "loopback"} <= keys


def test_hardly_any_place() -> None:
    for width in range(36):
        for line in drawn("lesson-09", width).lines:
            assert cell_len(line.text) <= max(width, 4), width


@pytest.mark.parametrize("width", [40, 78, 150])
@pytest.mark.parametrize("name", EVERY)
def test_frames_are_closed(name: str, width: int) -> None:
    """Every corner has its counterpart: as many boxes begin as end, on the left and on the right."""
    rows = text(drawn(name, width)).splitlines()
    boxes = len(load(name).namespaces)
    whole = "\n".join(row[: width + 1] for row in rows)
    assert whole.count("╰") >= boxes and whole.count("╯") >= boxes


def test_a_region_holds_what_it_is_named_after() -> None:
    for width in (40, 78, 150):
        drawing = drawn("final", width)
        rows = text(drawing).splitlines()
        for region in drawing.regions:
            if region.key[0] == "device":
                assert region.key[-1] in rows[region.top][region.start : region.end]


def test_equal_scenes_give_equal_drawings() -> None:
    assert drawn("final", 78) == drawn("final", 78)
    later = replace(load("final"), sequence=99)
    assert draw(Scene(graph_of(later), say()), 78) == drawn("final", 78)


# -- steady ----------------------------------------------------------------------------------------------------------


def spots(drawing: Drawing) -> dict[Key, tuple[int, int]]:
    first: dict[Key, Region] = {}
    for region in drawing.regions:
        first.setdefault(region.key, region)
    return {key: (region.start, region.top) for key, region in first.items() if key[0] in ("device", "space")}


def after(snapshot: Snapshot, before: Placement = NOWHERE, width: int = 78) -> Drawing:
    return draw(Scene(graph_of(snapshot), say(), before), width)


@pytest.mark.parametrize("width", [66, 78, 116, 150])
def test_through_the_whole_course_nothing_moves_sideways(width: int) -> None:
    where, seen = NOWHERE, {}
    for name in LESSONS:
        drawing = after(load(name), where, width)
        where, now = drawing.placement, spots(drawing)
        for key, (x, _) in seen.items():
            assert now.get(key, (x, 0))[0] == x, (name, key)
        seen = now


@pytest.mark.parametrize("width", [66, 78, 150])
def test_nothing_moves_when_something_is_added_or_changes_state(width: int) -> None:
    base = picture(host("dustin"), space("dustin"))
    first = after(base, width=width)
    down = picture(host("dustin"), space("dustin", up=False))
    more = picture(host("dustin", "ada"), space("ada", 2), space("dustin"))
    rules = pair(forwarding=True, rules=RULES)
    named = picture(host("dustin"), space("dustin", resolver="114.114.114.114"))
    bridge = replace(host("dustin"), links=(*host("dustin").links, link("br", "bridge")))
    for other in (down, more, rules, named, picture(bridge, space("dustin"))):
        second = spots(after(other, first.placement, width))
        assert {key: second[key] for key in spots(first)} == spots(first)


# -- what it says ----------------------------------------------------------------------------------------------------


def test_nat_forwarding_and_policy() -> None:
    closed, opened = "\n".join(lines_of(pair())), "\n".join(lines_of(pair(forwarding=True, rules=RULES)))
    assert "ip_forward = 0" in closed and "policy DROP" in closed and "MASQUERADE" not in closed
    assert "ip_forward = 1" in opened and "MASQUERADE" in opened and "✓ veth_dustin ⇄ enp4s0" in opened


def test_the_line_inwards_goes_on_only_where_there_is_a_way_out() -> None:
    def below_policy(snapshot: Snapshot) -> str:
        rows = lines_of(snapshot)
        at = next(index for index, row in enumerate(rows) if "policy" in row)
        return rows[at][4] + rows[at + 2][4]

    assert below_policy(pair()) == "╰ "
    assert below_policy(pair(forwarding=True, rules=RULES)) == "├│"


@pytest.mark.parametrize("width", range(65, 200, 3))
@pytest.mark.parametrize("name", ["bridge", "final", "lesson-09"])
def test_every_port_hangs_from_its_bridge(name: str, width: int) -> None:
    drawing = drawn(name, width)
    rows = text(drawing).splitlines()
    places = {region.key: region for region in drawing.regions}
    for one in load(name).host.links:
        if one.master:
            dot = places["device", "host", one.name].start + 1
            bar = places["device", "host", one.master].top
            assert rows[bar][dot] in "╒╞╤╕", (one.name, rows[bar])


def test_a_bridge_without_ports_hangs_on_nothing() -> None:
    base = host("dustin", forwarding=True, rules=RULES)
    rows = lines_of(picture(replace(base, links=(*base.links, link("br", "bridge"))), space("dustin")))
    bar = next(row for row in rows if "● br" in row)
    assert bar[4:9] == "│  ● " and "● br ══" in bar, "the way out goes past it to the device that has it"


def test_states_have_signs_and_words() -> None:
    down = "\n".join(lines_of(picture(host("dustin"), space("dustin", up=False)), 150))
    assert "○ veth_ns_dustin DOWN 10.0.0.11/24" in down and "○ lo" in down
    assert "┆" in down, "a cable that is not connected is dashed"


def test_the_route_that_wins() -> None:
    rows = "\n".join(lines_of(picture(host("dustin", "leah"), space("dustin"), space("leah", 2))))
    assert "10.0.0.0/24 dev veth_dustin ✓" in rows and "10.0.0.0/24 dev veth_leah ✗" in rows


def test_both_ends_on_the_host() -> None:
    ends = (link("b", peer=("host", "a"), up=False), link("a", peer=("host", "b"), up=False))
    rows = lines_of(picture(replace(host(), links=(*host().links, *ends))))
    edge = next(index for index, row in enumerate(rows) if "○ a" in row)
    assert "○ b" in rows[edge] and set(rows[edge + 1].strip().strip("╰╯")) == {"┄"}


def test_a_pair_for_which_no_column_is_left_is_named() -> None:
    ends = (link("veth_ns_d", peer=("host", "veth_d"), up=False), link("veth_d", peer=("host", "veth_ns_d"), up=False))
    base = host("a", "b", "c")
    rows = lines_of(picture(replace(base, links=(*base.links, *ends)), space("a"), space("b", 2), space("c", 3)), 66)
    whole = "\n".join(rows)
    assert "○ veth_d DOWN" in whole and "○ veth_ns_d DOWN" in whole
    assert "┤ ● veth_c ├" in whole, "the namespaces stay side by side"


def test_two_namespaces_joined_to_each_other() -> None:
    a = replace(space("a"), links=(link("x", peer=("netns_b", "y")),))
    b = replace(space("b", 2), links=(link("y", peer=("netns_a", "x")),))
    rows = lines_of(picture(host(), a, b))
    tops = next(index for index, row in enumerate(rows) if "● x" in row)
    assert "● y" in rows[tops] and rows[tops - 1].strip().startswith("╭──") and rows[tops - 1].strip().endswith("──╮")


def test_a_long_name_is_cut_and_an_address_has_its_row() -> None:
    name = "a23456789012345"
    other = replace(space("x"), links=(link(name, peer=("host", "veth_x")),), addresses=(LONG,))
    for width in ALL_WIDTHS:
        rows = lines_of(picture(host("x"), other), width)
        assert "a234567890123" in "\n".join(rows) and "255.255.255.255/32" in "\n".join(rows), width


LONG = Address(link="a23456789012345", address="255.255.255.255", prefix=32)


def test_a_lab_without_an_uplink() -> None:
    bare = replace(host("dustin"), links=tuple(one for one in host("dustin").links if one.name != "enp4s0"))
    for width in (40, 78):
        rows = "\n".join(lines_of(picture(bare, space("dustin")), width))
        assert "router" not in rows and "● veth_dustin" in rows and "policy DROP" in rows


def test_more_namespaces_than_have_room_stand_below_each_other() -> None:
    names = "abcdefghijkl"
    snapshot = picture(host(*names), *(space(name, at) for at, name in enumerate(names, 1)))
    for width in (40, 78, 116):
        drawing = after(snapshot, width=width)
        rows = text(drawing)
        assert all(f"● veth_ns_{name}" in rows for name in names)
        assert "⇄" in rows if width == 40 else "⇄ veth_ns_l" in rows, "a cable without a lane names its other end"
        assert max(cell_len(line.text) for line in drawing.lines) <= width


# -- what moves ------------------------------------------------------------------------------------------------------

VETH, INNER, UPLINK = ("host", "veth_dustin"), ("netns_dustin", "veth_ns_dustin"), ("host", "enp4s0")


@pytest.mark.parametrize("width", [40, 78])
def test_a_link_that_packets_pass_is_heavy_and_has_a_moving_sign(width: int) -> None:
    snapshot = pair(forwarding=True, rules=RULES)
    out = {INNER: Flow(True, False), VETH: Flow(False, True), UPLINK: Flow(True, False)}
    pictures = [lines_of(snapshot, width, flows=out, phase=phase) for phase in range(12)]
    assert any("━" in row or "┃" in row for row in pictures[0])
    assert len({"\n".join(rows) for rows in pictures}) > 3, "it moves"
    signs = {sign for rows in pictures for row in rows for sign in row if sign in "▲▼◀▶"}
    assert signs <= {"▲", "▶", "◀"} and "▼" not in signs, "from the namespace out to the router"
    quiet = lines_of(snapshot, width)
    assert [len(row) for row in quiet] == [len(row) for row in pictures[0]]


def test_both_directions_take_turns() -> None:
    both = {INNER: Flow(True, True), VETH: Flow(True, True)}
    signs = {sign for phase in range(4) for row in lines_of(pair(), flows=both, phase=phase) for sign in row}
    assert {"▲", "▼"} <= signs


@pytest.mark.parametrize("width", [40, 78])
def test_hops_are_numbered_and_told(width: int) -> None:
    hops = (Hop(INNER, 1, 0, 1), Hop(VETH, 0, 1, 2))
    rows = "\n".join(lines_of(pair(), width, path=Path("netns_dustin: ping -c 1 114.114.114.114", hops, False)))
    assert "1● veth_ns_dustin" in rows and "2● veth_dustin" in rows
    told = " ".join(rows[rows.rindex("╯") + 1 :].replace("\u00a0", " ").split())
    assert told == "✗ netns_dustin: ping -c 1 114.114.114.114 1 veth_ns_dustin ↑1 → 2 veth_dustin ↓1" or width == 40
    assert "no device has counted" in "\n".join(lines_of(pair(), path=Path("ping 1.2.3.4", (), None)))


def test_marks_stand_in_cells_that_are_free_for_them() -> None:
    key, address = ("device", "netns_dustin", "veth_ns_dustin"), ("address", "netns_dustin", "veth_ns_dustin")
    plain = lines_of(pair(), 78)
    marked = lines_of(pair(), 78, marks={key: "~", address: "+", ("policy",): "~", ("space", "netns_dustin"): "+"})
    assert "~● veth_ns_dustin" in "\n".join(marked) and "+10.0.0.11/24" in "\n".join(marked)
    assert [len(row) for row in plain] == [len(row) for row in marked]


def test_within_something_new_only_the_whole_has_the_sign() -> None:
    marks = {("space", "netns_dustin"): "+", ("device", "netns_dustin", "veth_ns_dustin"): "+"}
    rows = "\n".join(lines_of(pair(), 78, marks=marks))
    assert "+netns_dustin" in rows and "+●" not in rows


def test_what_is_chosen_is_heavier_or_reversed() -> None:
    rows = lines_of(pair(), chosen=("space", "netns_dustin"))
    assert any("┏" in row for row in rows)
    for key in {region.key for region in draw(Scene(graph_of(pair()), say()), 78).regions} - {("gate",)}:
        drawing = draw(Scene(graph_of(pair()), say(), chosen=key), 78)
        chosen = [span.text for line in drawing.lines for span in line.spans if "chosen" in span.look]
        assert chosen == [key[-1]], "and nothing else"
    assert any("▸" in row for row in lines_of(pair(), chosen=("gate",)))
