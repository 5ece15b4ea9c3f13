"""``ping``, ``curl``, ``dig``, ``connect``: what a packet sent from a namespace came to, and what is in its way."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from engine.messages import Message
from engine.network.snapshot import HOST, Namespace
from engine.verify.fields import EXPECTATIONS
from engine.verify.networks import to_address
from engine.verify.path import Obstacle, Passage, explain, walk
from engine.verify.path.naming import LOCALHOST, explain_name
from engine.verify.probe import Probe, ProbeResult
from engine.verify.rules.wanted import shown
from engine.verify.scene import Scene
from engine.verify.verdict import Finding
from engine.verify.wording import either, origin, place, say

SUCCESSES = frozenset(words[0] for words in EXPECTATIONS.values())
_SAME = {
    "no-reply": frozenset({"no-reply", "timeout", "unreachable"}),
    "timeout": frozenset({"timeout", "no-reply", "unreachable"}),
}
"""Ways of saying that nobody answered."""

_OUTCOMES = {
    "reply": say("outcome.reply"),
    "ok": say("outcome.ok"),
    "answer": say("outcome.answer"),
    "open": say("outcome.open"),
    "no-reply": say("outcome.no-reply"),
    "no-route": say("outcome.no-route"),
    "refused": say("outcome.refused"),
    "timeout": say("outcome.timeout"),
    "unknown-name": say("outcome.unknown-name"),
    "unreachable": say("outcome.unreachable"),
    "failure": say("outcome.failure"),
    "failed": say("outcome.failed"),
}


def request(kind: str, fields: dict[str, Any]) -> Probe:
    """The probe that answers a check without lists."""
    target = fields["name"] if kind == "dig" else fields["url"] if kind == "curl" else fields["to"]
    return Probe(
        kind=kind,
        namespace=fields.get("namespace", HOST),
        target=target,
        port=fields.get("port"),
        server=fields.get("server"),
    )


def expected(kind: str, fields: dict[str, Any]) -> Message:
    expect = _expectations(kind, fields)
    outcome = _OUTCOMES[expect[0]]
    for one in expect[1:]:
        outcome = say("list.either", first=outcome, second=_OUTCOMES[one])
    what, where = spelled(kind, fields), origin(fields.get("namespace", HOST))
    if kind == "connect":
        return say("probe.connection", what=what, where=where, outcome=outcome)
    if kind == "dig" and (address := fields.get("address")):
        return say("probe.answers", what=what, where=where, address=either(address))
    return say("probe.outcome", what=what, where=where, outcome=outcome)


def judge(kind: str, fields: dict[str, Any], scene: Scene, result: ProbeResult | None) -> Finding:
    """``result`` is ``None`` where no probe could be sent: the namespace does not exist."""
    namespace = fields.get("namespace", HOST)
    space = scene.space(namespace)
    if space is None or result is None or result.outcome == "no-namespace":
        return scene.no_namespace(namespace)
    what, where = spelled(kind, fields), origin(namespace)
    outcome = _OUTCOMES.get(result.outcome, _OUTCOMES["failed"])
    if kind == "connect":
        observed = say("probe.connection", what=what, where=where, outcome=outcome)
    else:
        observed = say("probe.outcome", what=what, where=where, outcome=outcome)
    if any(_is(result.outcome, one) for one in _expectations(kind, fields)):
        address = fields.get("address")
        if address and str(address) not in result.detail.replace(",", " ").split():
            observed = say("probe.answers", what=what, where=where, address=result.detail or "–")
            return Finding(
                observed, "wrong-address", say("probe.hint-address", found=result.detail or "–", address=address)
            )
        return Finding(observed)
    if result.outcome in SUCCESSES:
        return Finding(observed, "works-already", _works(kind, fields, scene, space))
    obstacle = _obstacle(kind, fields, scene, space, result)
    return Finding(observed, obstacle.diagnosis, obstacle.hint)


def spelled(kind: str, fields: dict[str, Any]) -> str:
    """The probe as one would type it: ``ping 10.0.0.11``, ``dig @114.114.114.114 www.baidu.com``; for a connection,
    where it goes to."""
    if kind == "dig":
        server = [f"@{_plain(fields['server'])}"] if fields.get("server") else []
        return " ".join(["dig", *server, _plain(fields["name"])])
    if kind == "curl":
        return f"curl {_plain(fields['url'])}"
    if kind == "connect":
        return f"{_plain(fields['to'])}:{_plain(fields['port'])}"
    return f"ping {_plain(fields['to'])}"


def _plain(value: object) -> str:
    return "/".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _expectations(kind: str, fields: dict[str, Any]) -> tuple[str, ...]:
    expect = fields.get("expect", EXPECTATIONS[kind][0])
    return tuple(expect) if isinstance(expect, list) else (expect,)


def _is(outcome: str, expect: str) -> bool:
    if expect == "failure":
        return outcome not in SUCCESSES
    return outcome in _SAME.get(expect, {expect})


def _destination(kind: str, fields: dict[str, Any]) -> tuple[str, str, int | None]:
    """Host, protocol and port that the probe goes to."""
    if kind == "curl":
        url = fields["url"] if "://" in fields["url"] else f"http://{fields['url']}"
        parts = urlsplit(url)
        return parts.hostname or "", "tcp", parts.port or (443 if parts.scheme == "https" else 80)
    if kind == "connect":
        return fields["to"], "tcp", int(fields["port"])
    return fields["to"], "icmp", None


def _obstacle(kind: str, fields: dict[str, Any], scene: Scene, space: Namespace, result: ProbeResult) -> Obstacle:
    found = _in_the_way(kind, fields, scene, space)
    if result.outcome == "refused" and (found is None or found.diagnosis not in ("no-listener", "forward-dropped")):
        _, _, port = _destination(kind, fields) if kind != "dig" else ("", "", 53)
        return Obstacle("no-listener", say("probe.hint-refused", port=port or "?"))
    if found is not None:
        return found
    if result.outcome == "no-route":
        return Obstacle("no-route", say("path.no-route", where=place(space.name), target=spelled(kind, fields)))
    if result.outcome == "unknown-name":
        return Obstacle("no-name-server", say("probe.hint-name", what=spelled(kind, fields)))
    return Obstacle("unanswered", say("probe.hint-unanswered", what=spelled(kind, fields)))


def _in_the_way(kind: str, fields: dict[str, Any], scene: Scene, space: Namespace) -> Obstacle | None:
    if kind == "dig":
        return explain_name(scene.snapshot, space, (fields["server"],) if fields.get("server") else ())
    name, protocol, port = _destination(kind, fields)
    address = to_address("127.0.0.1" if name in LOCALHOST else name)
    if address is None and (unresolved := explain_name(scene.snapshot, space)):
        return unresolved
    return explain(scene.snapshot, space, address, protocol, port)


def _works(kind: str, fields: dict[str, Any], scene: Scene, space: Namespace) -> Message:
    """Why something works that is to be seen failing: the rule that lets it through, where one does."""
    if kind != "dig":
        name, protocol, port = _destination(kind, fields)
        passage = walk(scene.snapshot, space, to_address("127.0.0.1" if name in LOCALHOST else name), protocol, port)
        if isinstance(passage, Passage) and passage.accepted_by is not None:
            return say("probe.hint-let-through", rule=shown(passage.accepted_by))
    return say("probe.hint-works", what=spelled(kind, fields))
