"""Addresses and prefixes, compared as numbers and not as text."""

from __future__ import annotations

import ipaddress
import re
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network

IPNetwork = IPv4Network | IPv6Network
IPAddress = IPv4Address | IPv6Address
IPInterface = IPv4Interface | IPv6Interface


def to_network(text: str) -> IPNetwork:
    """The network of a prefix; host bits do not matter, ``default`` is 0.0.0.0/0. Raises ``ValueError``."""
    if text in ("default", "any", "0/0"):
        return IPv4Network("0.0.0.0/0")
    return ipaddress.ip_network(_plain(text), strict=False)


def to_interface(text: str) -> IPInterface:
    """An address with its prefix (without one: a single address). Raises ``ValueError``."""
    return ipaddress.ip_interface(_plain(text))


def to_address(text: str) -> IPAddress | None:
    """The address that ``text`` is, its prefix left out; ``None`` for a name."""
    try:
        return to_interface(text).ip
    except ValueError:
        return None


def covers(wide: IPNetwork, narrow: IPNetwork) -> bool:
    """Whether every address of ``narrow`` is in ``wide``."""
    if isinstance(wide, IPv4Network) and isinstance(narrow, IPv4Network):
        return narrow.subnet_of(wide)
    if isinstance(wide, IPv6Network) and isinstance(narrow, IPv6Network):
        return narrow.subnet_of(wide)
    return False


def same_network(one: str, other: str) -> bool:
    """Whether two prefixes as typed are the same."""
    try:
        return to_network(one) == to_network(other)
    except ValueError:
        return one == other


def _plain(text: str) -> str:
    """Without leading zeros, which ``ipaddress`` refuses because some programs read them as octal."""
    return text.strip() if ":" in text else re.sub(r"\b0+(?=\d)", "", text.strip())
