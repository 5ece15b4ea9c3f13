"""Rows of every pane with what has just happened to each; a clock of the test's own."""

from __future__ import annotations

from msgspec.structs import replace

from engine.network.snapshot import Namespace, Route, Snapshot
from tests.network.picture import host, numbered, picture, space
from tui.network.ledger import MARK_SECONDS, Ledger

HOST, INNER = numbered(host("dustin")), numbered(space("dustin"))
PAIR = picture(HOST, INNER)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def settled(snapshot: Snapshot = PAIR) -> tuple[Ledger, Clock]:
    """A ledger that has known the lab for a while."""
    clock = Clock()
    ledger = Ledger(clock)
    ledger.take(snapshot)
    ledger.catch_up()
    clock.now += 2
    return ledger, clock


def with_host(**fields: object) -> Snapshot:
    return picture(replace(HOST, **fields), INNER)  # type: ignore[arg-type]


def routes(ledger: Ledger) -> list[str]:
    ((_, shown),) = ledger.shown("routes", "host")
    return [f"{sign or ' '} {row.text}" for row, sign in shown]


def test_a_fresh_lab_moves_unmarked() -> None:
    clock = Clock()
    ledger = Ledger(clock)
    ledger.take(PAIR)
    ledger.take(with_host(routes=HOST.routes[:1]))
    assert routes(ledger) == ["  default via 192.168.0.1 dev enp4s0"]
    clock.now += 2
    ledger.take(PAIR)
    assert routes(ledger)[1] == "+ 10.0.0.0/24 dev veth_dustin"


def test_new_changed_and_gone_where_they_stand_and_calm_after_a_while() -> None:
    ledger, clock = settled()
    other = Route(to="10.9.0.0/16", link="enp4s0")
    down = replace(HOST.routes[1], flags=("linkdown",))
    ledger.take(with_host(routes=(down, other)))
    assert routes(ledger) == [
        "− default via 192.168.0.1 dev enp4s0",
        "~ 10.0.0.0/24 dev veth_dustin linkdown",
        "+ 10.9.0.0/16 dev enp4s0",
    ]
    assert ledger.signs()["routes", "host"] == ledger.signs()["routes", ""] == "~"
    wait = ledger.calm()
    assert wait is not None and 0 < wait <= MARK_SECONDS
    clock.now += wait + 0.01
    assert ledger.calm() is None and ledger.signs() == {}
    assert routes(ledger) == ["  10.0.0.0/24 dev veth_dustin linkdown", "  10.9.0.0/16 dev enp4s0"]


def test_what_is_new_stays_new_while_it_changes() -> None:
    ledger, clock = settled()
    other = Route(to="10.9.0.0/16", link="enp4s0")
    ledger.take(with_host(routes=(*HOST.routes, other)))
    assert "+ 10.9.0.0/16 dev enp4s0" in routes(ledger)
    clock.now += 1
    ledger.take(with_host(routes=(*HOST.routes, replace(other, flags=("linkdown",)))))
    assert "+ 10.9.0.0/16 dev enp4s0 linkdown" in routes(ledger)


def test_what_comes_back_is_no_longer_gone() -> None:
    ledger, _ = settled()
    ledger.take(with_host(routes=HOST.routes[1:]))
    assert routes(ledger)[0].startswith("− default")
    ledger.take(PAIR)
    assert [line[0] for line in routes(ledger)] == ["+", " "]


def test_counters_are_written_anew_without_a_mark() -> None:
    ledger, _ = settled()
    ledger.take(with_host(chains=(replace(HOST.chains[0], packets=7, bytes=70),)))
    ((_, shown),) = ledger.shown("iptables", "host")
    assert ("-P FORWARD DROP -c 7 70", "") in [(row.text, sign) for row, sign in shown]
    ledger.catch_up()
    assert ledger.signs() == {}


def test_a_new_namespace_is_news_in_its_own_panes_only_and_leaves_nothing_behind() -> None:
    ledger, _ = settled(picture(HOST))
    ledger.take(PAIR)
    ledger.catch_up()
    assert {pane for pane, name in ledger.signs() if name == "netns_dustin"} == {"links", "addresses", "routes"}
    ledger.take(picture(HOST))
    assert list(ledger.shown("routes", "netns_dustin")) == [] and ledger.signs() == {}


def test_what_is_out_of_sight_is_written_when_there_is_time() -> None:
    names = [f"n{number}" for number in range(20)]
    many = picture(HOST, *(Namespace(name=name, inode=9 + at) for at, name in enumerate(names)))
    ledger, _ = settled(many)
    ledger.take(picture(HOST, *(replace(one, routes=HOST.routes[:1]) for one in many.namespaces[1:])))
    assert ledger.signs() == {}
    ((_, shown),) = ledger.shown("routes", "n7")
    assert [sign for _, sign in shown] == ["+"], "what is looked at is up to date"
    assert ledger.catch_up(5) and not ledger.catch_up(100)
    assert ledger.signs()["routes", ""] == "+" and len(ledger.signs()) == 21


def test_another_lab_is_compared_with_nothing() -> None:
    ledger, _ = settled()
    ledger.forget()
    assert list(ledger.shown("routes", "host")) == []
    ledger.take(with_host(routes=()))
    assert routes(ledger) == []
