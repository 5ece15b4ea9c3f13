"""Tells when iptables-legacy's rules changed: that variant announces nothing, so its tables are compared.

The tables are fetched as ``iptables-legacy`` itself does (``linux/netfilter_ipv4/ip_tables.h``), and compared without
their counters. The kernel's list of tables (``/proc/net/ip_tables_names``) cannot be read without being the machine's
root, and to ask for a table makes it: so this is for labs that use the legacy variant, and for the course's tables.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
import sys

from engine.lab.agent import syscalls

TABLES = ("filter", "nat")

_IPT_SO_GET_INFO, _IPT_SO_GET_ENTRIES = 64, 65
_INFO_BYTES = 84
_ENTRIES_HEADER = 40
_OFFSETS = struct.Struct("=HH")  # of target and next entry, behind struct ipt_ip and nfcache
_OFFSETS_AT, _COUNTERS_AT, _COUNTERS_END = 88, 96, 112


class LegacyTables:
    """One namespace's legacy tables. Made inside it; owns a socket."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.IPPROTO_RAW)

    def close(self) -> None:
        self._socket.close()

    def fingerprint(self) -> dict[str, bytes]:
        """Each table that there is, with something that is equal as long as none of its rules and policies change."""
        found = {name: self._entries(name) for name in TABLES}
        return {name: entries for name, entries in found.items() if entries}

    def _entries(self, table: str) -> bytes:
        name = table.encode().ljust(32, b"\0")
        ask = self._socket.fileno(), socket.SOL_IP
        try:
            information = syscalls.getsockopt(*ask, _IPT_SO_GET_INFO, name, _INFO_BYTES)
            size = information[-4:]
            length = _ENTRIES_HEADER + int.from_bytes(size, sys.byteorder)
            return without_counters(
                syscalls.getsockopt(*ask, _IPT_SO_GET_ENTRIES, name + size, length)[_ENTRIES_HEADER:]
            )
        except OSError as error:
            if error.errno == errno.EAGAIN:  # replaced between the two questions: different from any answer
                return os.urandom(8)
            return b""


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
