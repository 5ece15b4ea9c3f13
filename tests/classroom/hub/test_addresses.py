"""By which names the hub may be called, and who is asking."""

from __future__ import annotations

from unittest.mock import MagicMock

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from tui.classroom.addresses import Addresses, ListenError, NetworkGuard, listening_socket

PORT = 8422


def request(
    method: str = "GET", path: str = "/", *, to: str = "127.0.0.1", peer: str = "127.0.0.1", **headers: str
) -> web.Request:
    transport = MagicMock()
    transport.get_extra_info = lambda name, default=None: {"sockname": (to, PORT), "peername": (peer, 4242)}.get(name)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return make_mocked_request(method, path, headers=named, transport=transport)


def refusal(guard: NetworkGuard, asked: web.Request) -> str | None:
    answer = guard.objection(asked)
    return None if answer is None else answer.text


def guard(**words: object) -> NetworkGuard:
    return NetworkGuard(Addresses(**words), PORT, lambda key, **_: web.Response(text=key))  # type: ignore[arg-type]


def test_on_loopback_only_loopback_names() -> None:
    it = guard()
    for host in ("127.0.0.1:8422", "localhost:8422", "[::1]:8422", "LOCALHOST:8422"):
        assert refusal(it, request(Host=host)) is None
    for host in ("evil.example", "127.0.0.1", "127.0.0.1:80", "evil.example:8422", "192.168.1.5:8422", ""):
        assert refusal(it, request(Host=host)) == "host"


def test_on_the_network_the_address_of_the_connection_itself() -> None:
    it = guard(host="0.0.0.0")
    assert refusal(it, request(to="192.168.1.5", Host="192.168.1.5:8422")) is None
    assert refusal(it, request(to="192.168.1.5", Host="192.168.1.6:8422")) == "host"
    assert refusal(it, request(to="192.168.1.5", Host="rebound.evil.example:8422")) == "host"
    assert refusal(it, request(to="::ffff:192.168.1.5", Host="192.168.1.5:8422")) is None
    assert refusal(it, request(to="fe80::1%eth0", Host="[fe80::1]:8422")) is None
    own = {"Host": "192.168.1.5:8422", "Origin": "http://192.168.1.5:8422"}
    assert refusal(it, request("POST", "/join", to="192.168.1.5", **own)) is None


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:8423", "https://127.0.0.1:8422"])
def test_a_forged_origin(origin: str) -> None:
    assert refusal(guard(), request("POST", "/join", Host="127.0.0.1:8422", Origin=origin)) == "origin"
    assert refusal(guard(), request("POST", "/api/join", Host="127.0.0.1:8422", Origin=origin)) == "origin"


def test_what_acts_by_a_cookie_needs_an_origin_and_programs_do_not() -> None:
    it = guard()
    assert refusal(it, request("POST", "/seat", Host="127.0.0.1:8422")) == "origin"
    assert refusal(it, request(path="/screen/x", Host="127.0.0.1:8422", Upgrade="websocket")) == "origin"
    assert refusal(it, request(path="/desk/room", Host="127.0.0.1:8422", Upgrade="websocket")) == "origin"
    assert refusal(it, request("POST", "/api/join", Host="127.0.0.1:8422")) is None
    assert refusal(it, request(path="/api/seat", Host="127.0.0.1:8422", Upgrade="websocket")) is None


def test_behind_a_proxy_with_tls() -> None:
    it = guard(public_url="https://workshop.example.org", proxies=("127.0.0.1/32",))
    public = {"Host": "workshop.example.org", "Origin": "https://workshop.example.org"}
    assert refusal(it, request("POST", "/join", **public)) is None
    assert refusal(it, request("POST", "/join", **(public | {"Origin": "http://workshop.example.org"}))) == "origin"
    assert refusal(it, request(Host="127.0.0.1:8422")) is None


def test_who_asks() -> None:
    direct, behind = Addresses(), Addresses(proxies=("10.0.0.0/24", "fd00::/8"))
    forged = {"X_Forwarded_For": "6.6.6.6, 203.0.113.7"}
    assert direct.client(request(peer="192.168.1.9", **forged)) == "192.168.1.9"
    assert behind.client(request(peer="192.168.1.9", **forged)) == "192.168.1.9"
    assert (
        behind.client(request(peer="10.0.0.1", **forged)) == "203.0.113.7"
    )  # what the proxy has added, not what it got
    assert behind.client(request(peer="10.0.0.1", X_Forwarded_For="<script>")) == "10.0.0.1"
    assert behind.client(request(peer="10.0.0.1")) == "10.0.0.1"
    assert behind.client(request(peer="fd00::1", X_Forwarded_For="2001:db8::7")) == "2001:db8::7"
    assert behind.client(request(peer="::ffff:10.0.0.9", X_Forwarded_For="203.0.113.8")) == "203.0.113.8"
    assert behind.client(request(peer="10.0.1.1", **forged)) == "10.0.1.1"


def test_links() -> None:
    assert Addresses().link(8422) == "http://127.0.0.1:8422"
    assert Addresses(host="::1").link(8422) == "http://[::1]:8422"
    assert Addresses(host="192.168.1.5", tls=True).link(443) == "https://192.168.1.5"
    assert Addresses(host="0.0.0.0", public_url="https://w.example/").link(8422) == "https://w.example"
    assert "0.0.0.0" not in Addresses(host="0.0.0.0").link(8422)
    assert Addresses().on_loopback
    assert Addresses(host="localhost").on_loopback
    assert not Addresses(host="0.0.0.0").on_loopback


def test_a_port_that_is_taken_and_a_host_that_is_not_here() -> None:
    with listening_socket("127.0.0.1", 0) as one:
        one.listen()
        with pytest.raises(ListenError):
            listening_socket("127.0.0.1", one.getsockname()[1])
    with pytest.raises(ListenError):
        listening_socket("192.0.2.1", 0)
