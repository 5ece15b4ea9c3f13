"""Judges checks: those about the lab's state at once, those that need a probe when its answer is there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from engine.course.model import Check
from engine.messages import Message
from engine.network.snapshot import Snapshot
from engine.verify.fields import variants
from engine.verify.kinds import (
    addresses,
    files,
    kernel,
    links,
    namespaces,
    neighbours,
    probes,
    ran,
    routes,
    rules,
    sockets,
)
from engine.verify.probe import Probe, ProbeResult
from engine.verify.scene import Command, Scene
from engine.verify.verdict import Finding, Verdict

Expected = Callable[[dict[str, Any]], Message]
Judge = Callable[[dict[str, Any], Scene], Finding]

_KINDS: dict[str, tuple[Expected, Judge]] = {
    "namespace": (namespaces.expected, namespaces.judge),
    "link": (links.expected, links.judge),
    "address": (addresses.expected, addresses.judge),
    "route": (routes.expected, routes.judge),
    "neighbour": (neighbours.expected, neighbours.judge),
    "rule": (rules.expected, rules.judge),
    "policy": (kernel.policy_expected, kernel.policy_judge),
    "sysctl": (kernel.sysctl_expected, kernel.sysctl_judge),
    "resolver": (files.resolver_expected, files.resolver_judge),
    "file": (files.file_expected, files.file_judge),
    "listener": (sockets.listener_expected, sockets.listener_judge),
    "process": (sockets.process_expected, sockets.process_judge),
    "ran": (ran.expected, ran.judge),
}
STATE_KINDS = frozenset(_KINDS) - {"ran"}
"""Kinds that a snapshot alone decides; what they say can be looked at again at any later time."""
PROBE_KINDS = frozenset({"ping", "curl", "dig", "connect"})
"""Kinds that need a packet to be sent."""

_VAGUE = frozenset({"not-there", "not-run", "not-listening"})


def evaluate_state(checks: Sequence[Check], snapshot: Snapshot, commands: Sequence[Command]) -> tuple[Verdict, ...]:
    """The verdicts of the checks of ``STATE_KINDS`` and ``ran`` among ``checks``, in order; the others are left out.
    ``commands`` are those of the current step."""
    scene = Scene(snapshot, tuple(commands), tuple(checks))
    return tuple(_state(check, scene) for check in checks if check.kind in _KINDS)


async def evaluate(
    checks: Sequence[Check],
    snapshot: Snapshot,
    commands: Sequence[Command],
    probe: Callable[[Probe], Awaitable[ProbeResult]],
) -> tuple[Verdict, ...]:
    """The verdict of every check, in order. Probes run at the same time, equal ones once; none is sent from a namespace
    that does not exist. Whatever ``probe`` raises is passed on.
    """
    scene = Scene(snapshot, tuple(commands), tuple(checks))
    asked = dict.fromkeys(
        request
        for check in checks
        if check.kind in PROBE_KINDS
        for fields in variants(check.fields)
        if scene.space((request := probes.request(check.kind, fields)).namespace)
    )
    results = dict(zip(asked, await asyncio.gather(*map(probe, asked)), strict=True))
    return tuple(_state(check, scene) if check.kind in _KINDS else _probed(check, scene, results) for check in checks)


def _state(check: Check, scene: Scene) -> Verdict:
    expected, judge = _KINDS[check.kind]
    found = [judge(fields, scene) for fields in variants(check.fields)]
    return _verdict(check, expected(check.fields), found)


def _probed(check: Check, scene: Scene, results: Mapping[Probe, ProbeResult]) -> Verdict:
    kind = check.kind
    found = [
        probes.judge(kind, fields, scene, results.get(probes.request(kind, fields)))
        for fields in variants(check.fields)
    ]
    return _verdict(check, probes.expected(kind, check.fields), found)


def _verdict(check: Check, expected: Message, found: list[Finding]) -> Verdict:
    """Of a check with lists any variant will do; of one with ``absent`` all must hold."""
    failed = [one for one in found if not one.passed]
    passed = not failed if check.fields.get("absent") else len(failed) < len(found)
    if passed:
        finding = next(one for one in found if one.passed)
        return Verdict(check=check.id, passed=True, expected=expected, observed=finding.observed)
    finding = next((one for one in failed if one.diagnosis not in _VAGUE), failed[0])
    return Verdict(
        check=check.id,
        passed=False,
        expected=expected,
        observed=finding.observed,
        hint=finding.hint,
        diagnosis=finding.diagnosis,
    )
