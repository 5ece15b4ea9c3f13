"""The real host's network and settings, as far as the user who runs the tests may read them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

MOVING = (
    "nf_conntrack_count",
    "/random/",
    "/dentry-state",
    "/inode-",
    "/file-nr",
    "/pty/nr",
    "/ns_last_pid",
    "/quota/",
)
"""Settings that are counters: they change by themselves."""


def picture() -> dict[str, str]:
    """What must be the same before and after, by name."""
    commands = ["ip -d link", "ip address", "ip -4 route show table all", "ip -6 route", "ip rule", "ip netns"]
    if os.geteuid() == 0:
        commands += ["iptables-save", "nft list ruleset"]
    found = {command: _said(command) for command in commands}
    for directory in ("/proc/sys/net", "/proc/sys/kernel", "/proc/sys/user", "/proc/sys/fs", "/proc/sys/vm"):
        found.update(_settings(Path(directory)))
    for directory in ("/etc", "/run", "/var/run/netns", "/run/netns"):
        found[directory] = _listing(Path(directory))
    for file in ("/etc/resolv.conf", "/etc/sysctl.conf", "/etc/hosts", "/etc/passwd", "/proc/self/mountinfo"):
        found[file] = _read(Path(file)) or ""
    found["hostname"] = os.uname().nodename
    return found


def _said(command: str) -> str:
    done = subprocess.run(command.split(), capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    return "\n".join(line for line in lines if not line.startswith("#") and "valid_lft" not in line and line[:1] != ":")


def _settings(directory: Path) -> dict[str, str]:
    found = {}
    for path in directory.rglob("*"):
        if not any(word in str(path) for word in MOVING) and (text := _read(path)) is not None:
            found[str(path)] = text
    return found


def _listing(directory: Path) -> str:
    try:
        return "\n".join(sorted(path.name for path in directory.iterdir()))
    except OSError:
        return ""


def _read(path: Path) -> str | None:
    try:
        return path.read_text(errors="replace") if path.is_file() else None
    except OSError:
        return None
