"""From what was found on a machine to what a person is told: every signature that is known, without its machine."""

from __future__ import annotations

import pytest

from engine.lab.doctor import Facts, Finding, LabTrial, Trial, all_well, findings, install_everything
from engine.lab.doctor.kernel import MANY_NAMESPACES
from engine.lab.doctor.tools import listed_tools
from engine.messages import Message, render

EPERM = "unshare failed: Operation not permitted"
ENOSPC = "unshare failed: No space left on device"
BWRAP_ENOSPC = (
    "bwrap: Creating new namespace failed: nesting depth or /proc/sys/user/max_*_namespaces exceeded (ENOSPC)"
)
BWRAP_EPERM = "bwrap: No permissions to create new namespace, likely because the kernel does not allow it."
BWRAP_MAP = "bwrap: setting up uid map: Permission denied"
PROC = "bwrap: Can't mount proc on /newroot/proc: Operation not permitted"
NESTED_PROC = "unshare: mount /proc failed: Operation not permitted"
SYS = "mount: /sys: permission denied.\n       dmesg(1) may have more information after failed mount system call."
NETNS_SYS = "mount of /sys failed: Operation not permitted"
VETH = "Error: Unknown device type."
BRIDGE = "RTNETLINK answers: Operation not supported"
NFT = "iptables/1.8.9 Failed to initialize nft: Protocol not supported"
NFT_MASQUERADE = "Warning: Extension MASQUERADE revision 0 not supported, missing kernel module?"
LEGACY = (
    "iptables v1.8.9 (legacy): can't initialize iptables table `nat': Table does not exist (do you need to insmod?)\n"
    "Perhaps iptables or your kernel needs to be upgraded."
)
NO_BRIDGE_FILTER = "cat: /proc/sys/net/bridge/bridge-nf-call-iptables: No such file or directory"

CLONE = "kernel.unprivileged_userns_clone"
APPARMOR = "kernel.apparmor_restrict_unprivileged_userns"


def facts(*trials: tuple[str, str], **changes: object) -> Facts:
    """A machine where these trials failed with those words."""
    failed = {name: Trial(name=name, exit=1, text=text) for name, text in trials}
    tools = tuple(tool for tool in listed_tools())
    import msgspec

    here = tuple(msgspec.structs.replace(tool, path=f"/usr/bin/{tool.program}") for tool in tools)
    given = {"trials": failed, "tools": here, "family": "debian", "lab": LabTrial(error=Message("doctor.what.no-lab"))}
    return Facts(**{**given, **changes})  # type: ignore[arg-type]


def finding(of: Facts, name: str) -> Finding:
    return next(one for one in findings(of) if one.id == name)


@pytest.mark.parametrize(
    ("trial", "text", "changes", "why", "line"),
    [
        ("user-namespace", EPERM, {"sysctls": {CLONE: 0}}, "userns-clone", f"sudo sysctl -w {CLONE}=1"),
        ("sandbox", BWRAP_EPERM, {"sysctls": {CLONE: 0}}, "userns-clone", f"sudo sysctl -w {CLONE}=1"),
        ("user-namespace", EPERM, {"sysctls": {CLONE: 1, APPARMOR: 1}}, "apparmor", f"sudo sysctl -w {APPARMOR}=0"),
        ("sandbox", BWRAP_MAP, {"sysctls": {APPARMOR: 1}}, "apparmor", f"sudo sysctl -w {APPARMOR}=0"),
        ("namespaces", NESTED_PROC, {"sysctls": {APPARMOR: 1}}, "apparmor", f"sudo sysctl -w {APPARMOR}=0"),
        ("proc", PROC, {"sysctls": {APPARMOR: 1}}, "apparmor", f"sudo sysctl -w {APPARMOR}=0"),
        ("user-namespace", EPERM, {"chroot": True}, "chroot", "systemd-nspawn -D DIRECTORY"),
        (
            "user-namespace",
            EPERM,
            {"filtered": True, "container": "docker"},
            "filtered",
            "docker run -it --privileged …",
        ),
        ("user-namespace", EPERM, {"filtered": True}, "filtered", "docker run -it --privileged …"),
        ("user-namespace", EPERM, {}, "refused", None),
        ("user-namespace", "unshare failed: Invalid argument", {}, "no-user-namespaces", None),
        (
            "user-namespace",
            ENOSPC,
            {"sysctls": {"user.max_user_namespaces": 0, "user.max_net_namespaces": 9000}},
            "limit",
            f"sudo sysctl -w user.max_user_namespaces={MANY_NAMESPACES}",
        ),
        (
            "sandbox",
            BWRAP_ENOSPC,
            {"sysctls": {"user.max_user_namespaces": 9000, "user.max_net_namespaces": 0}},
            "limit",
            f"sudo sysctl -w user.max_net_namespaces={MANY_NAMESPACES}",
        ),
        ("namespaces", ENOSPC, {"sysctls": {"user.max_user_namespaces": 99000}}, "limit-above", None),
        ("namespaces", NESTED_PROC, {"container": "docker"}, "masked-proc", "docker run -it --privileged …"),
        ("proc", PROC, {"container": "docker"}, "masked-proc", "docker run -it --privileged …"),
        (
            "proc",
            PROC,
            {"container": "podman"},
            "masked-proc",
            "podman run -it --security-opt unmask=ALL --security-opt seccomp=unconfined …",
        ),
        ("sysfs", SYS, {}, "masked-sys", "docker run -it --privileged …"),
        ("netns", NETNS_SYS, {}, "masked-sys", "docker run -it --privileged …"),
        ("veth", VETH, {}, "no-module", "sudo modprobe veth"),
        ("bridge", BRIDGE, {}, "no-module", "sudo modprobe bridge"),
        ("br-netfilter", NO_BRIDGE_FILTER, {}, "no-br-netfilter", "sudo modprobe br_netfilter"),
        ("iptables-nft", NFT, {}, "no-nft", "sudo modprobe nf_tables"),
        ("iptables-nft", NFT_MASQUERADE, {}, "no-masquerade", "sudo modprobe xt_MASQUERADE"),
        ("iptables-legacy", LEGACY, {}, "no-tables", "sudo modprobe iptable_filter"),
        (
            "http-server",
            "ModuleNotFoundError: No module named 'http'",
            {},
            "small-python",
            "sudo apt-get install -y python3",
        ),
        ("echo", "ping: socket: Operation not permitted", {}, "unknown", None),
    ],
)
def test_a_signature_leads_to_its_cause(
    trial: str, text: str, changes: dict[str, object], why: str, line: str | None
) -> None:
    found = finding(facts((trial, text), **changes), trial)
    assert found.why is not None
    assert found.why.key == f"doctor.why.{why}"
    assert (found.remedies[0].line if found.remedies else None) == line
    for language in ("en", "zh"):
        assert render(found.why, language)
        assert all(render(remedy.note, language) for remedy in found.remedies if remedy.note)


def test_root_is_not_held_back_by_what_holds_back_ordinary_users() -> None:
    found = finding(facts(("sandbox", BWRAP_EPERM), sysctls={CLONE: 0, APPARMOR: 1}, root=True), "sandbox")
    assert found.why and found.why.key == "doctor.why.refused"


def test_the_way_past_apparmor_includes_root() -> None:
    found = finding(facts(("sandbox", BWRAP_MAP), sysctls={APPARMOR: 1}), "sandbox")
    assert [remedy.line for remedy in found.remedies][-1] == "sudo ./nsteps"


def test_wsl_is_told_to_update() -> None:
    found = finding(
        facts(("iptables-nft", NFT_MASQUERADE), release="5.15.90.1-microsoft-standard-WSL2"), "iptables-nft"
    )
    assert found.remedies[-1].line == "wsl --update"


def test_modules_are_loaded_one_by_one() -> None:
    found = finding(facts(("iptables-legacy", LEGACY)), "iptables-legacy")
    assert [remedy.line for remedy in found.remedies] == ["sudo modprobe iptable_filter", "sudo modprobe iptable_nat"]


def test_in_a_container_modules_are_loaded_outside() -> None:
    found = finding(facts(("br-netfilter", NO_BRIDGE_FILTER), container="docker"), "br-netfilter")
    assert found.remedies[0].note == Message("doctor.note.container-host")


@pytest.mark.parametrize(
    ("version", "nft", "legacy"),
    [("iptables v1.8.9 (nf_tables)", "missing", "optional"), ("iptables v1.8.7 (legacy)", "optional", "missing")],
)
def test_only_the_iptables_that_the_machine_prefers_is_needed(version: str, nft: str, legacy: str) -> None:
    machine = facts(("iptables-nft", NFT), ("iptables-legacy", LEGACY))
    machine.trials["iptables-preferred"] = Trial(name="iptables-preferred", exit=0, text=version)
    assert finding(machine, "iptables-nft").status == nft
    assert finding(machine, "iptables-legacy").status == legacy


def test_a_program_that_is_missing_is_told_once_with_its_line() -> None:
    import msgspec

    machine = facts(("echo", "sh: 1: ping: not found"))
    tools = tuple(
        msgspec.structs.replace(tool, path=None) if tool.program in ("ping", "tcpdump", "nsenter", "unshare") else tool
        for tool in machine.tools
    )
    machine = msgspec.structs.replace(machine, tools=tools, root=True)
    found = {one.id: one for one in findings(machine)}
    assert (found["ping"].group, found["ping"].status) == ("programs", "missing")
    assert found["ping"].remedies[0].line == "apt-get install -y --no-install-recommends iputils-ping"
    assert found["tcpdump"].status == "optional"
    everything = "apt-get install -y --no-install-recommends util-linux iputils-ping tcpdump"
    assert install_everything(machine) == everything
    unknown = msgspec.structs.replace(machine, family=None)
    assert install_everything(unknown) is None
    assert next(one for one in findings(unknown) if one.id == "ping").remedies == ()


def test_all_is_well_only_if_a_lab_starts_and_nothing_needed_is_missing() -> None:
    started = LabTrial(seconds=0.2)
    assert all_well(findings(facts(lab=started)))
    assert all_well(findings(facts(("br-netfilter", NO_BRIDGE_FILTER), lab=started)))
    assert not all_well(findings(facts(("bridge", BRIDGE), lab=started)))
    assert not all_well(findings(facts()))


@pytest.mark.parametrize(
    ("system", "line"), [("Darwin", "limactl start template://debian"), ("Windows", "wsl --install -d Debian")]
)
def test_another_system_is_told_what_to_use(system: str, line: str) -> None:
    (found,) = findings(Facts(system=system))
    assert found.status == "missing"
    assert found.remedies[0].line == line
    assert found.remedies[-1].line.startswith("docker run")
    assert not all_well((found,))
