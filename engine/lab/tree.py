"""The lab's file tree as data: what is written for it, what few files it shares with the real host.

Everything here is either text of our own, or a list of the real host's files that tell nothing about it (names of
ports and protocols, the cache of its libraries). Nothing else of /etc, and no /home, /root, /var or /run, is there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

USER = "you"
HOME = f"/home/{USER}"
ROOT_HOME = "/root"
"""Home of the lab's root: a directory of the throw-away tree, not the real host's."""
HOSTNAME = "lab"
PATH = "/opt/lab/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
STATE_FILES = Path(__file__).parent / "files"

COPIED = ("/etc/services", "/etc/protocols", "/etc/ethertypes", "/etc/ld.so.cache", "/etc/iproute2", "/etc/magic")
"""Small files and directories of the real host that are copied; what is not there is left out."""
BOUND = (
    "/etc/alternatives",
    "/etc/crypto-policies",
    "/etc/groff",
    "/etc/ssl/certs",
    "/etc/pki/tls/certs",
    "/etc/pki/ca-trust/extracted",
    "/etc/ca-certificates/extracted",
    "/etc/terminfo",
    "/etc/vim",
)
"""Directories of the real host that are shown read-only."""
DIRECTORIES = (
    "/etc/netns",
    "/home",
    "/media",
    "/mnt",
    "/opt",
    "/run",
    "/run/lock",
    "/srv",
    "/var/cache",
    "/var/lib",
    "/var/log",
)
SHARED_DIRECTORIES = ("/tmp", "/var/tmp")
PRIVATE_DIRECTORIES = (HOME, ROOT_HOME)


class TreeFile(msgspec.Struct, frozen=True):
    """A file of the lab: its bytes and its mode."""

    content: bytes
    mode: int = 0o644


_RC = ". /opt/lab/bashrc\n"
_BASHRC = f"""\
# Read by every interactive bash. Aliases, your own prompt and the like go below.
{_RC}"""
_PROFILE = f"""\
export PATH={PATH}
if [ -n "${{BASH-}}" ]; then {_RC.strip()}; fi
"""

_MANPATH = "MANDATORY_MANPATH /usr/share/man\nMANDATORY_MANPATH /usr/local/share/man\n"
"""For `man`, which does nothing without it: Debian and others read the one file, Fedora and its like the other."""

_WRITTEN = {
    "/etc/passwd": (
        f"{USER}:x:0:0:{USER}:{HOME}:/bin/bash\n"
        "root:x:0:0:root:/root:/bin/bash\n"
        "tcpdump:x:0:0:tcpdump:/nonexistent:/usr/sbin/nologin\n"
        "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
    ),
    "/etc/group": f"{USER}:x:0:\nroot:x:0:\nnogroup:x:65534:\n",
    "/etc/hostname": f"{HOSTNAME}\n",
    "/etc/hosts": f"127.0.0.1 localhost\n127.0.1.1 {HOSTNAME}\n::1 localhost ip6-localhost ip6-loopback\n",
    "/etc/host.conf": "multi on\n",
    "/etc/nsswitch.conf": (
        "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nnetworks: files\n"
        "protocols: files\nservices: files\nethers: files\nrpc: files\n"
    ),
    "/etc/resolv.conf": "nameserver 127.0.0.53\noptions edns0 trust-ad\n",
    "/etc/sysctl.conf": (
        "# Kernel parameters for `sysctl -p`, one `name=value` a line.\n"
        "#\n"
        "# Packet forwarding between devices (a router does it):\n"
        "#net.ipv4.ip_forward=1\n"
    ),
    "/etc/man_db.conf": _MANPATH,
    "/etc/manpath.config": _MANPATH,
    "/etc/shells": "/bin/sh\n/bin/bash\n/usr/bin/bash\n",
    "/etc/inputrc": "set meta-flag on\nset input-meta on\nset output-meta on\nset bell-style none\n"
    '"\\e[1~": beginning-of-line\n"\\e[4~": end-of-line\n"\\e[3~": delete-char\n'
    '"\\e[1;5C": forward-word\n"\\e[1;5D": backward-word\n',
    "/etc/profile": _PROFILE,
    "/etc/bash.bashrc": _RC,
    "/etc/bashrc": _RC,
    f"{HOME}/.bashrc": _BASHRC,
    f"{HOME}/.profile": _RC,
    f"{ROOT_HOME}/.bashrc": _BASHRC,
    f"{ROOT_HOME}/.profile": _RC,
}


@lru_cache(maxsize=1)
def files() -> dict[str, TreeFile]:
    """Every file that is written into a fresh lab, by its path there."""
    tree = {path: TreeFile(text.encode()) for path, text in _WRITTEN.items()}
    for source in COPIED:
        for path, content in _read_all(source):
            tree[path] = TreeFile(content)
    return tree


@lru_cache(maxsize=1)
def programs() -> dict[str, TreeFile]:
    """The lab's own small programs, by their path there; the lab cannot change them."""
    return {
        "/opt/lab/bin/sudo": TreeFile(_ours("sudo"), 0o755),
        "/opt/lab/bin/su": TreeFile(_ours("su"), 0o755),
        "/opt/lab/bashrc": TreeFile(_ours("bashrc")),
        "/opt/lab/start.bash": TreeFile(_ours("start.bash")),
        "/opt/lab/integration.bash": TreeFile(_ours("integration.bash")),
    }


def _ours(name: str) -> bytes:
    return (STATE_FILES / name).read_bytes()


def _read_all(source: str) -> Iterator[tuple[str, bytes]]:
    if Path(source).is_dir():
        for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
            if entry.is_file(follow_symlinks=False):
                yield from _read_all(entry.path)
        return
    try:
        yield source, Path(source).read_bytes()
    except OSError:
        return
