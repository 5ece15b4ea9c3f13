"""Tells when iptables-legacy's rules changed: that variant announces nothing, so its tables are compared.

The tables are fetched as ``iptables-legacy`` itself does (``linux/netfilter_ipv4/ip_tables.h``), and compared without
their counters. Only tables that exist are asked for: to ask for another would make it.
"""

from __future__ import annotations

import os
import socket
import struct

from engine.lab.agent import syscalls

_IPT_SO_GET_INFO, _IPT_SO_GET_ENTRIES = 64, 65
_INFO_BYTES = 84
_ENTRIES_HEADER = 40
_OFFSETS = struct.Struct("=HH")  # of target and next entry, behind struct ipt_ip and nfcache
_OFFSETS_AT, _COUNTERS_AT, _COUNTERS_END = 88, 96, 112


class LegacyTables:
    """One namespace's legacy tables. Made inside it; owns a socket and a file."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._names: int | None = None
        try:
            self._names = os.open("/proc/thread-self/net/ip_tables_names", os.O_RDONLY)
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.IPPROTO_RAW)
        except OSError:  # this kernel has no legacy iptables (loaded)
            self.close()

    def close(self) -> None:
        if self._names is not None:
            os.close(self._names)
            self._names = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def names(self) -> tuple[str, ...]:
        """The tables that exist here, in the order in which ``iptables-save`` prints them."""
        if self._names is None:
            return ()
        try:
            return tuple(os.pread(self._names, 4096, 0).decode().split())
        except OSError:
            return ()

    def fingerprint(self) -> tuple[tuple[str, bytes], ...]:
        """Equal as long as no rule and no policy changes."""
        if self._socket is None:
            return ()
        return tuple((name, self._entries(name)) for name in self.names())

    def _entries(self, table: str) -> bytes:
        assert self._socket is not None
        name = table.encode().ljust(32, b"\0")
        try:
            information = syscalls.getsockopt(self._socket.fileno(), socket.SOL_IP, _IPT_SO_GET_INFO, name, _INFO_BYTES)
            (size,) = struct.unpack_from("=I", information, _INFO_BYTES - 4)
            answer = syscalls.getsockopt(
                self._socket.fileno(),
                socket.SOL_IP,
                _IPT_SO_GET_ENTRIES,
                name + struct.pack("=I", size),
                _ENTRIES_HEADER + size,
            )
        except OSError:  # replaced between the two questions: different from any answer
            return os.urandom(8)
        return without_counters(answer[_ENTRIES_HEADER:])


def without_counters(entries: bytes) -> bytes:
    """A table's entries with the counters of each set to nought."""
    table = bytearray(entries)
    offset = 0
    while offset + _COUNTERS_END <= len(table):
        table[offset + _COUNTERS_AT : offset + _COUNTERS_END] = bytes(_COUNTERS_END - _COUNTERS_AT)
        _, step = _OFFSETS.unpack_from(table, offset + _OFFSETS_AT)
        if step < _COUNTERS_END:
            break
        offset += step
    return bytes(table)
