"""Authoring mistakes in a check's fields, told as sentences."""

from __future__ import annotations

from typing import Any

import pytest

from engine.course.model import Check
from engine.verify import validate

GOOD: list[tuple[str, dict[str, Any]]] = [
    ("namespace", {"name": "n", "absent": True}),
    ("link", {"name": ["a", "b"], "kind": "veth", "peer": "x", "peer_namespace": "n", "up": True, "carrier": False}),
    ("link", {"name": "a", "namespace": "n", "state": "UP", "master": "none"}),
    ("address", {"address": "10.0.0.1/24", "link": "a", "namespace": "n", "absent": False}),
    ("route", {"to": "default", "via": "10.0.0.1", "link": "a", "namespace": "n", "first": True}),
    ("neighbour", {"address": "10.0.0.1", "link": "a"}),
    ("rule", {"chain": "FORWARD", "in": "a", "out": "b", "jump": ["MASQUERADE", "SNAT"], "table": "nat"}),
    ("rule", {"chain": "INPUT", "source": "10.0.0.0/24", "destination": "10.0.0.1", "protocol": "tcp", "absent": True}),
    ("policy", {"chain": "FORWARD", "policy": "DROP", "table": "filter"}),
    ("sysctl", {"name": "net.ipv4.ip_forward", "value": 1}),
    ("resolver", {"nameserver": "1.1.1.1", "namespace": "n"}),
    ("file", {"path": "/etc/x", "line": "a=b"}),
    ("listener", {"port": 8080, "protocol": "tcp", "process": "python3"}),
    ("process", {"command": "python3 -m http.server"}),
    ("ping", {"to": "www.x.com", "expect": "no-reply"}),
    ("curl", {"url": "localhost:8080", "namespace": "n", "expect": ["refused", "timeout"]}),
    ("dig", {"name": "x", "server": "1.1.1.1", "address": "1.2.3.4", "expect": "answer"}),
    ("connect", {"to": "10.0.0.1", "port": 80, "expect": "open"}),
    ("ran", {"program": ["curl", "wget"], "shows": ["a.*b"], "words": "x", "namespace": "n", "exit": "failure"}),
    ("ran", {"words": ["x"], "exit": [6, 7]}),
]


@pytest.mark.parametrize(("kind", "fields"), GOOD)
def test_what_the_readme_lists_is_good(kind: str, fields: dict[str, Any]) -> None:
    assert validate(Check(id="x", kind=kind, fields=fields)) == []


@pytest.mark.parametrize(
    ("kind", "fields", "problem"),
    [
        ("links", {}, "there is no kind of check named `links`; did you mean `link`?"),
        ("zebra", {}, "there are namespace, link"),
        ("link", {}, "`link` needs `name`"),
        ("link", {"name": "a", "mastr": "b"}, "`link` has no field `mastr`; did you mean `master`?"),
        ("link", {"name": "a", "up": "yes"}, "`up` must be true or false, not 'yes'"),
        ("link", {"name": "a", "up": [True]}, "`up` cannot be a list"),
        ("link", {"name": []}, "`name` is an empty list"),
        ("link", {"name": 4}, "`name` must be text, not 4"),
        ("address", {"address": "10.0.0.1"}, "`address` must have its prefix (10.0.0.1/24), not '10.0.0.1'"),
        ("address", {"address": "10.0.0.256/24"}, "`address` must be an address"),
        ("route", {"to": "somewhere"}, "`to` must be a prefix such as 10.0.0.0/24, or default"),
        ("route", {"to": "default", "via": "gateway"}, "`via` must be an address"),
        ("policy", {"chain": "FORWARD", "policy": "drop"}, "`policy` must be one of ACCEPT, DROP, not 'drop'"),
        ("listener", {"port": "8080"}, "`port` must be a port, 1 to 65535, not '8080'"),
        ("listener", {"port": 70000}, "`port` must be a port"),
        ("listener", {"port": 80, "protocol": "sctp"}, "`protocol` must be one of tcp, udp"),
        ("ping", {"to": "x", "expect": "refused"}, "`expect` must be one of reply, no-reply"),
        ("dig", {"name": "x", "server": "dns"}, "`server` must be an address"),
        ("ran", {"exit": "ok", "words": "x"}, "`exit` must be a number, failure or running, not 'ok'"),
        ("ran", {"shows": "("}, "`shows` must be a regular expression"),
        ("ran", {"namespace": "n"}, "`ran` needs at least one of `program`, `shows`, `words`"),
        ("sysctl", {"name": "x", "value": None}, "`value` must be a number or text"),
    ],
)
def test_mistakes_are_told(kind: str, fields: dict[str, Any], problem: str) -> None:
    assert any(problem in one for one in validate(Check(id="x", kind=kind, fields=fields)))
