"""What the trials mean: a failed one, its words and the machine's settings lead to a cause and to what mends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from engine.lab.doctor.facts import Facts, Finding, Remedy, Trial
from engine.messages import Message

MANY_NAMESPACES = 15000


class Cause(NamedTuple):
    """Why a trial failed."""

    why: Message
    remedies: tuple[Remedy, ...] = ()


def kernel_findings(facts: Facts) -> tuple[Finding, ...]:
    """A finding for each thing that was tried with the programs that are here."""
    absent = {tool.program for tool in facts.tools if tool.path is None}
    tried = [one for one in _TRIALS if one[0] in facts.trials and _PROGRAM.get(one[0]) not in absent]
    return tuple(_finding(name, needed, explain, facts) for name, needed, explain in tried) + _iptables_findings(facts)


def _finding(name: str, needed: bool, explain: _Explain, facts: Facts) -> Finding:
    trial = facts.trials[name]
    if trial.worked:
        return Finding(id=name, group="kernel", status="found", what=Message(f"doctor.what.{name}"))
    cause = explain(trial, facts)
    return Finding(
        id=name,
        group="kernel",
        status="missing" if needed else "optional",
        what=Message(f"doctor.what.{name}"),
        why=cause.why,
        remedies=cause.remedies,
    )


# -- remedies --------------------------------------------------------------------------------------------------------


def _sysctl(name: str, value: int) -> tuple[Remedy, ...]:
    return (
        Remedy(line=f"sudo sysctl -w {name}={value}", note=Message("doctor.note.until-restart")),
        Remedy(
            line=f"echo '{name}={value}' | sudo tee /etc/sysctl.d/60-nsteps.conf && sudo sysctl --system",
            note=Message("doctor.note.for-good"),
        ),
    )


def _modprobe(facts: Facts, *modules: str) -> tuple[Remedy, ...]:
    """One by one: where one module is missing, modprobe of several loads none of those after it."""
    note = Message("doctor.note.container-host") if facts.container else None
    return tuple(Remedy(line=f"sudo modprobe {module}", note=note) for module in modules)


def _container(facts: Facts) -> tuple[Remedy, ...]:
    note = Message("doctor.note.container-start")
    docker = Remedy(line="docker run -it --privileged …", note=note)
    podman = Remedy(line="podman run -it --security-opt unmask=ALL --security-opt seccomp=unconfined …", note=note)
    if facts.container in ("docker", "podman"):
        return (docker if facts.container == "docker" else podman,)
    return docker, podman


# -- causes ----------------------------------------------------------------------------------------------------------


def _refused(trial: Trial) -> bool:
    words = ("not permitted", "Permission denied", "permission denied", "No permissions", "must be superuser")
    return any(word in trial.text for word in words)


def _unknown(trial: Trial) -> Cause:
    return Cause(Message("doctor.why.unknown", {"text": _last(trial)}))


def _last(trial: Trial) -> str:
    """What the trial said, as one line that is not too long."""
    return " ".join(trial.text.split())[-300:]


def _namespaces(trial: Trial, facts: Facts) -> Cause:
    """No user namespace, or none of another kind in it (unshare(2), user_namespaces(7))."""
    if "No space left" in trial.text or "ENOSPC" in trial.text:
        return _limit(facts)
    if "Function not implemented" in trial.text or "Invalid argument" in trial.text:
        return Cause(Message("doctor.why.no-user-namespaces"))
    if not _refused(trial):
        return _unknown(trial)
    if facts.sysctls.get("kernel.unprivileged_userns_clone") == 0 and not facts.root:
        name = "kernel.unprivileged_userns_clone"
        return Cause(Message("doctor.why.userns-clone"), _sysctl(name, 1))
    if facts.sysctls.get("kernel.apparmor_restrict_unprivileged_userns") == 1 and not facts.root:
        by_root = Remedy(line="sudo ./nsteps", note=Message("doctor.note.as-root"))
        return Cause(
            Message("doctor.why.apparmor"), (*_sysctl("kernel.apparmor_restrict_unprivileged_userns", 0), by_root)
        )
    if facts.chroot:
        return Cause(Message("doctor.why.chroot"), (Remedy(line="systemd-nspawn -D DIRECTORY"),))
    if facts.filtered:
        return Cause(Message("doctor.why.filtered"), _container(facts))
    return Cause(Message("doctor.why.refused", {"text": _last(trial)}), _container(facts) if facts.container else ())


def _limit(facts: Facts) -> Cause:
    """The sysctl that is smallest is the one that is used up."""
    limits = {name: value for name, value in facts.sysctls.items() if name.startswith("user.max_")}
    name = min(limits, key=lambda one: limits[one], default="user.max_user_namespaces")
    value = limits.get(name, 0)
    if value >= MANY_NAMESPACES:
        return Cause(Message("doctor.why.limit-above"), _container(facts) if facts.container else ())
    return Cause(Message("doctor.why.limit", {"name": name, "value": value}), _sysctl(name, MANY_NAMESPACES))


def _proc(trial: Trial, facts: Facts) -> Cause:
    """A fresh /proc is only allowed where nothing covers a part of the old one (mount_namespaces(7))."""
    if "No space left" in trial.text or "ENOSPC" in trial.text:
        return _limit(facts)
    if not _refused(trial):
        return _unknown(trial)
    if facts.sysctls.get("kernel.apparmor_restrict_unprivileged_userns") == 1 and not facts.root:
        return _namespaces(trial, facts)
    return Cause(Message("doctor.why.masked-proc"), _container(facts))


def _nested(trial: Trial, facts: Facts) -> Cause:
    return _proc(trial, facts) if "mount /proc failed" in trial.text else _namespaces(trial, facts)


def _sysfs(trial: Trial, facts: Facts) -> Cause:
    if _refused(trial) or "mount of /sys failed" in trial.text:
        return Cause(Message("doctor.why.masked-sys"), _container(facts))
    return _unknown(trial)


def _device(module: str) -> _Explain:
    def explain(trial: Trial, facts: Facts) -> Cause:
        if any(word in trial.text for word in ("not supported", "Unknown device type")):
            return Cause(Message("doctor.why.no-module", {"module": module}), _modprobe(facts, module))
        return _unknown(trial)

    return explain


def _bridge_filter(trial: Trial, facts: Facts) -> Cause:
    if "No such file" in trial.text:
        return Cause(Message("doctor.why.no-br-netfilter"), _modprobe(facts, "br_netfilter"))
    return _unknown(trial)


def _http_server(trial: Trial, facts: Facts) -> Cause:
    if "No module named" in trial.text:
        line = {"debian": "apt-get install -y python3", "fedora": "dnf install -y python3", "arch": "pacman -S python"}
        remedies = (Remedy(line=f"sudo {line[facts.family]}"),) if facts.family else ()
        return Cause(Message("doctor.why.small-python"), remedies)
    return _unknown(trial)


def _anything(trial: Trial, facts: Facts) -> Cause:
    return _unknown(trial)


_Explain = Callable[[Trial, Facts], Cause]

_TRIALS: tuple[tuple[str, bool, _Explain], ...] = (
    ("user-namespace", True, _namespaces),
    ("sandbox", True, _namespaces),
    ("proc", True, _proc),
    ("namespaces", True, _nested),
    ("sysfs", True, _sysfs),
    ("netns", True, _sysfs),
    ("veth", True, _device("veth")),
    ("bridge", True, _device("bridge")),
    ("br-netfilter", False, _bridge_filter),
    ("echo", True, _anything),
    ("http-server", True, _http_server),
)
_PROGRAM = {"netns": "ip", "veth": "ip", "bridge": "ip", "echo": "ping", "http-server": "python3"}


# -- iptables --------------------------------------------------------------------------------------------------------


def _iptables_findings(facts: Facts) -> tuple[Finding, ...]:
    """Both kinds where they are installed: the one that this machine's ``iptables`` is must work."""
    preferred = facts.trials.get("iptables-preferred")
    legacy_first = preferred is not None and "legacy" in preferred.text
    found = []
    for name, explain in (("iptables-nft", _nft), ("iptables-legacy", _legacy)):
        if name in facts.trials:
            found.append(_finding(name, (name == "iptables-legacy") == legacy_first, explain, facts))
    return tuple(found)


def _nft(trial: Trial, facts: Facts) -> Cause:
    if "Failed to initialize nft" in trial.text:
        return Cause(Message("doctor.why.no-nft"), _modprobe(facts, "nf_tables", "nft_compat"))
    return _masquerade(trial, facts)


def _legacy(trial: Trial, facts: Facts) -> Cause:
    if "Table does not exist" in trial.text or "can't initialize iptables table" in trial.text:
        return Cause(Message("doctor.why.no-tables"), _modprobe(facts, "iptable_filter", "iptable_nat"))
    return _masquerade(trial, facts)


def _masquerade(trial: Trial, facts: Facts) -> Cause:
    if "MASQUERADE" in trial.text or "missing kernel module" in trial.text or "No chain/target/match" in trial.text:
        update = (Remedy(line="wsl --update", note=Message("doctor.note.wsl")),) if facts.wsl else ()
        modules = _modprobe(facts, "xt_MASQUERADE", "nf_nat")
        return Cause(Message("doctor.why.no-masquerade"), (*modules, *update))
    return _unknown(trial)
