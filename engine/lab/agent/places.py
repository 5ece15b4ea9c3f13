"""Where the agent finds the lab it works for."""

from __future__ import annotations

import msgspec


class Places(msgspec.Struct, frozen=True):
    """The lab by the numbers of the real host."""

    lab_pid: int
    """The lab's first process: its network namespace is the lab's host, ``/proc/<pid>/root`` the lab's files."""
    world_pid: int
    """A process whose network namespace is the outside world's."""
    iptables: str
    """``nft`` or ``legacy``: what the lab's ``iptables`` is."""
