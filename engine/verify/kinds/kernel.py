"""``sysctl``: a setting of the kernel in a namespace; ``policy``: what a chain does with what no rule decided."""

from __future__ import annotations

from typing import Any

from engine.messages import Message
from engine.network.snapshot import HOST, Chain, Namespace
from engine.verify.scene import Scene
from engine.verify.slips import from_commands, is_elsewhere
from engine.verify.verdict import Finding
from engine.verify.wording import either, place, say

SYSCTL_FILE = "/etc/sysctl.conf"


def sysctl_expected(fields: dict[str, Any]) -> Message:
    where = place(fields.get("namespace", HOST))
    return say("sysctl.is", name=dotted(fields["name"]), value=_value(fields["value"]), where=where)


def sysctl_judge(fields: dict[str, Any], scene: Scene) -> Finding:
    name, value, namespace = dotted(fields["name"]), _value(fields["value"]), fields.get("namespace", HOST)
    space, where = scene.space(namespace), place(namespace)
    if space is None:
        return scene.no_namespace(namespace)
    there = space.sysctls.get(name)
    if there is None:
        observed = say("sysctl.none", name=name, where=where)
        return Finding(observed, "not-there", say("sysctl.hint-none", name=name))
    observed = say("sysctl.is", name=name, value=there, where=where)
    if there.split() == value.split():
        return Finding(observed)
    for use in scene.uses():
        elsewhere = scene.space(use.namespace)
        if elsewhere is None or not is_elsewhere(use, namespace) or not use.mentions(name.rsplit(".", 1)[-1]):
            continue
        if elsewhere.sysctls.get(name, "").split() == value.split():
            hint = say("sysctl.hint-elsewhere", name=name, value=value, found=place(use.namespace), where=where)
            return Finding(observed, "wrong-place", hint)
    hint = say("sysctl.hint-value", name=name, value=value, found=there, where=where)
    if _in_file(scene, name, value):
        hint = say("sysctl.hint-file", name=name, value=value, file=SYSCTL_FILE)
    return Finding(observed, *from_commands(scene, (name.rsplit(".", 1)[-1],), namespace, "wrong-value", hint))


def dotted(name: str) -> str:
    """``net/ipv4/ip_forward`` and ``/proc/sys/net/ipv4/ip_forward`` are ``net.ipv4.ip_forward``."""
    return name.removeprefix("/proc/sys/").replace("/", ".")


def _value(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else " ".join(str(value).split())


def _in_file(scene: Scene, name: str, value: str) -> bool:
    text = scene.snapshot.files.get(SYSCTL_FILE) or ""
    lines = [line.partition("=") for line in text.splitlines()]
    return any(dotted(key.strip()) == name and there.strip() == value for key, _, there in lines)


def policy_expected(fields: dict[str, Any]) -> Message:
    where = place(fields.get("namespace", HOST))
    return say("policy.is", chain=either(fields["chain"]), policy=either(fields["policy"]), where=where)


def policy_judge(fields: dict[str, Any], scene: Scene) -> Finding:
    chain, policy, namespace = fields["chain"], fields["policy"].upper(), fields.get("namespace", HOST)
    space, where = scene.space(namespace), place(namespace)
    if space is None:
        return scene.no_namespace(namespace)
    there = policy_of(space, chain, fields.get("table", "filter"))
    observed = say("policy.is", chain=chain, policy=there, where=where)
    if there == policy:
        return Finding(observed)
    hint = say("policy.hint", chain=chain, found=there, policy=policy)
    for other in scene.others(namespace):
        for use in scene.uses():
            if use.is_in(other.name) and use.mentions(chain) and policy_of(other, chain) == policy:
                elsewhere = say("policy.hint-elsewhere", chain=chain, found=place(other.name), where=where)
                return Finding(observed, "wrong-place", elsewhere)
    return Finding(observed, *from_commands(scene, (chain, policy), namespace, "wrong-policy", hint))


def policy_of(space: Namespace, chain: str, table: str = "filter") -> str:
    """The policy in force: where both variants of iptables have the chain, DROP of either one drops. A chain that was
    never touched accepts."""
    policies = [one.policy for one in space.chains if _is(one, chain, table)]
    return "DROP" if "DROP" in policies else "ACCEPT"


def _is(one: Chain, chain: str, table: str) -> bool:
    return one.name == chain and one.table == table
