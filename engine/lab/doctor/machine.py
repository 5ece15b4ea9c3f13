"""What kind of machine this is, read from its files."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path

SYSCTLS = (
    "kernel.unprivileged_userns_clone",
    "kernel.apparmor_restrict_unprivileged_userns",
    *(f"user.max_{kind}_namespaces" for kind in ("user", "net", "mnt", "pid", "uts", "ipc", "cgroup")),
)

_FAMILY_OF = {
    **dict.fromkeys(("debian", "ubuntu", "linuxmint", "raspbian", "pop", "kali"), "debian"),
    **dict.fromkeys(("fedora", "rhel", "centos", "rocky", "almalinux"), "fedora"),
    **dict.fromkeys(("arch", "archlinux", "manjaro", "endeavouros"), "arch"),
}


def parse_os_release(text: str) -> tuple[str, str | None]:
    """What an os-release file tells: the name for people and the family (``debian``, ``fedora``, ``arch``)."""
    fields: dict[str, str] = dict(re.findall(r"^(\w+)=[\"']?(.*?)[\"']?$", text, re.MULTILINE))
    names = [fields.get("ID", ""), *fields.get("ID_LIKE", "").split()]
    family = next((_FAMILY_OF[name] for name in names if name in _FAMILY_OF), None)
    return fields.get("PRETTY_NAME", fields.get("ID", "")), family


def distribution() -> tuple[str, str | None]:
    """:func:`parse_os_release` of this machine."""
    for path in ("/etc/os-release", "/usr/lib/os-release"):
        with contextlib.suppress(OSError):
            return parse_os_release(Path(path).read_text(encoding="utf-8", errors="replace"))
    return "", None


def sysctls() -> dict[str, int]:
    """The values of :data:`SYSCTLS` that this kernel has."""
    values = {}
    for name in SYSCTLS:
        with contextlib.suppress(OSError, ValueError):
            values[name] = int(Path("/proc/sys", *name.split(".")).read_text())
    return values


def container() -> str | None:
    """The kind of container this is, as container engines mark theirs (systemd's container interface and its kin)."""
    if Path("/run/.containerenv").exists():
        return "podman"
    if Path("/.dockerenv").exists():
        return "docker"
    with contextlib.suppress(OSError):
        return Path("/run/systemd/container").read_text().strip() or None
    return os.environ.get("container")  # noqa: SIM112 (so it is called)


def in_chroot() -> bool:
    """Whether / is no mount: so it is in a chroot made by hand, where user namespaces are refused (unshare(2))."""
    with contextlib.suppress(OSError):
        mounts = Path("/proc/self/mountinfo").read_text(errors="replace").splitlines()
        return bool(mounts) and not any(line.split()[4] == "/" for line in mounts)
    return False


def filtered() -> bool:
    """Whether a seccomp filter sits on this process (proc_pid_status(5): ``Seccomp: 2``)."""
    with contextlib.suppress(OSError):
        return "\nSeccomp:\t2" in Path("/proc/self/status").read_text()
    return False
