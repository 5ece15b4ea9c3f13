"""What one namespace's listeners have heard, as announcements in the words of ``ip monitor``."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator, Mapping

from engine.lab.agent import netlink
from engine.network.announcement import LINK, NETCONF, SHOWN, Announcement, netconf_words, rules_changed, words
from engine.network.snapshot import Chain, Rule

_HEADER_BYTES = 16
_NETCONF_BYTES = 4  # struct netconfmsg, padded
_INT, _KIND = struct.Struct("=i"), struct.Struct("=H")


def network_told(namespace: str, listener: netlink.Listener, names: dict[int, str]) -> Iterator[Announcement]:
    """What rtnetlink has announced since this was last asked.

    ``names`` are the devices' by index, also of those that have gone meanwhile; new ones are added to them.
    """
    heard, unheard = listener.heard()
    last = 0.0
    for last, message in heard:
        kind = _KIND.unpack_from(message, 4)[0]
        if kind in NETCONF:
            text = _netconf(kind, message, names)
            if text:
                yield Announcement(last, namespace, "NETCONF", text)
        elif kind in SHOWN:
            for decoded in netlink.decode([message]):
                if kind in LINK:
                    names[decoded["index"]] = dict(decoded["attrs"]).get("IFLA_IFNAME", "")
                for label, text in words(kind, decoded, names):
                    yield Announcement(last, namespace, label, text)
    if unheard:
        yield Announcement(last, namespace, "…", f"+{unheard}")


def _netconf(kind: int, message: bytes, names: Mapping[int, str]) -> str | None:
    values = {
        attribute: _INT.unpack_from(message, start)[0]
        for attribute, start, end in netlink.attributes(message, _HEADER_BYTES + _NETCONF_BYTES)
        if end - start >= _INT.size
    }
    return netconf_words(kind, message[_HEADER_BYTES], values, names)


Rules = tuple[tuple[Chain, ...], tuple[Rule, ...]]


def rules_told(namespace: str, listener: netlink.Listener | None, before: Rules, now: Rules) -> Iterator[Announcement]:
    """What has changed of the rules, each as the words that do it; the kernel announces it in a language of its own."""
    heard = listener.heard()[0] if listener else []
    if before[0] is now[0] and before[1] is now[1]:
        return
    seconds = heard[0][0] if heard else None
    for text in rules_changed(before, now):
        yield Announcement(seconds or time.time(), namespace, "XTABLES", text)
