"""The command line that makes a lab: bubblewrap builds the tree, ``files/outer.bash`` and ``init.bash`` the rest.

bubblewrap gives the first user namespace, with the outside world's network namespace and a process namespace.
Within it, ``unshare`` makes the second user namespace, the lab proper: mounts that come from the first one are locked
there, so that the lab's root can neither write to /usr nor unmount what covers it.
"""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path

import msgspec

from engine.lab import limits, tree
from engine.lab.errors import LabError

TOOLS = ("bwrap", "unshare", "mount", "ip", "bash")
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
VARIANTS = ("nft", "legacy")
STATUS = 3
"""Descriptor, in the sandbox, on which ``outer.bash`` reports."""
_FIRST = 10
_MERGED = ("bin", "sbin", "lib", "lib64", "lib32", "libx32")
_IPTABLES_LINKS = ("iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore")


class Plan(msgspec.Struct, frozen=True):
    """What to execute and with which descriptors: ``contents[n]`` is to be readable at descriptor ``first + n``."""

    arguments: tuple[str, ...]
    contents: tuple[bytes, ...]
    first: int = _FIRST


def tool(name: str) -> str:
    """The full path of a tool of the machine. Raises :class:`LabError` for one that is not installed."""
    path = shutil.which(name, path=SYSTEM_PATH)
    if path is None:
        raise LabError("no-tool", tool=name)
    return path


def preferred_variant() -> str:
    """``nft`` or ``legacy``: what the machine's own ``iptables`` is. Raises :class:`LabError` if there is none."""
    return "legacy" if "legacy" in Path(tool("iptables")).resolve().name else "nft"


def variant_program(variant: str) -> str:
    """The program that is every ``iptables…`` of that variant. Raises :class:`LabError` if it is missing."""
    if variant not in VARIANTS:
        raise ValueError(f"iptables is {' or '.join(VARIANTS)}, not {variant!r}")
    path = shutil.which(f"xtables-{variant}-multi", path=SYSTEM_PATH)
    if path is None:
        raise LabError("no-iptables-variant", variant=variant)
    return path


@lru_cache(maxsize=4)
def plan(variant: str) -> Plan:
    """Everything to start a lab with that iptables. Raises :class:`LabError` if the machine lacks a tool."""
    paths = {name: tool(name) for name in TOOLS}
    program = variant_program(variant)
    contents: list[bytes] = []

    def descriptor(content: bytes) -> str:
        contents.append(content)
        return str(_FIRST + len(contents) - 1)

    arguments = [
        paths["bwrap"],
        *("--unshare-user", "--uid", "0", "--gid", "0", "--cap-add", "ALL"),
        *("--unshare-pid", "--as-pid-1", "--unshare-net", "--unshare-cgroup-try"),
        *("--unshare-uts", "--hostname", tree.HOSTNAME),
        *("--die-with-parent", "--new-session", "--clearenv"),
        *("--tmpfs", "/", "--ro-bind", "/usr", "/usr"),
    ]
    for name in _MERGED:
        arguments += _merged(name)
    if Path("/usr/local/etc").is_dir():
        arguments += ["--tmpfs", "/usr/local/etc", "--remount-ro", "/usr/local/etc"]
    arguments += ["--dev", "/dev", "--proc", "/proc", "--bind", "/sys", "/sys"]
    if Path("/sys/fs/cgroup").is_dir():
        arguments += ["--tmpfs", "/sys/fs/cgroup", "--remount-ro", "/sys/fs/cgroup"]
    for path in tree.DIRECTORIES:
        arguments += ["--dir", path]
    for path in tree.SHARED_DIRECTORIES:
        arguments += ["--perms", "1777", "--dir", path]
    for path in tree.PRIVATE_DIRECTORIES:
        arguments += ["--perms", "0700", "--dir", path]
    arguments += ["--symlink", "/run", "/var/run", "--symlink", "/run/lock", "/var/lock"]
    arguments += ["--symlink", "/proc/self/mounts", "/etc/mtab"]
    for path in tree.BOUND:
        if Path(path).is_dir():
            for parent in reversed(Path(path).parents[:-2]):
                arguments += ["--dir", str(parent)]
            arguments += ["--ro-bind", path, path]
    for path, file in tree.files().items():
        arguments += ["--perms", f"{file.mode:04o}", "--file", descriptor(file.content), path]
    arguments += ["--tmpfs", "/opt/lab", "--dir", "/opt/lab/bin"]
    for path, file in tree.programs().items():
        arguments += ["--perms", f"{file.mode:04o}", "--file", descriptor(file.content), path]
    for name in _IPTABLES_LINKS:
        arguments += ["--symlink", program, f"/opt/lab/bin/{name}"]
    arguments += ["--remount-ro", "/opt/lab", "--chdir", "/"]
    variables = {
        "PATH": SYSTEM_PATH,
        "NSTEPS_TREE_BYTES": str(limits.TREE_BYTES),
        "NSTEPS_TREE_INODES": str(limits.TREE_INODES),
        "NSTEPS_NAMESPACES": str(limits.NAMESPACES),
        "NSTEPS_IPTABLES": "/opt/lab/bin/iptables",
        "NSTEPS_INIT": f"/proc/self/fd/{descriptor((tree.STATE_FILES / 'init.bash').read_bytes())}",
    }
    for name, value in variables.items():
        arguments += ["--setenv", name, value]
    outer = descriptor((tree.STATE_FILES / "outer.bash").read_bytes())
    arguments += ["--", paths["bash"], f"/proc/self/fd/{outer}"]
    return Plan(tuple(arguments), tuple(contents))


def _merged(name: str) -> list[str]:
    """/bin and its like: a link into /usr where the machine has one, else the directory itself, read-only."""
    path = Path("/") / name
    if path.is_symlink():
        return ["--symlink", str(path.readlink()), str(path)]
    return ["--ro-bind", str(path), str(path)] if path.is_dir() else []
