"""Whether a command line obviously changes the lab or obviously only looks: for authors; the proof measures it."""

from __future__ import annotations

import re

_CHANGES = re.compile(
    r"""
    \bip\b[^|;&]*\s(?:add|a(?:dd?)?\sadd|set|del(?:ete)?|append|replace|change|flush|attach)\b
    | \biptables\S*\s(?:[^|;&]*\s)?
      (?:-[ADIRPFXNZE]\b|--(?:append|delete|insert|replace|policy|flush|new-chain|delete-chain)\b)
    | \bsysctl\s+(?:\S+\s+)*(?:-w\b|-p\b|--write\b|--system\b|[\w.-]+=)
    | \btee\b | \b(?:mkdir|rm|rmdir|mv|cp|touch|kill|pkill|killall|modprobe)\s
    | (?<![0-9&<>])>{1,2}\s*/(?!dev/null)
    | \bsed\s+(?:\S+\s+)*-i
    | \bnft\s+(?:add|delete|insert|flush|replace|create)\b
    """,
    re.VERBOSE,
)
_LOOKS = re.compile(
    r"""
    ^\s*(?:sudo\s+)?(?:ip\s+netns\s+exec\s+\S+\s+)?
    (?: (?:ping|curl|dig|ss|cat|ls|grep|ps|nslookup|getent|tcpdump|arp|host|lsns|readlink|stat)\b
      | ip\b(?:\s+-\S+)*(?:\s+-n\s+\S+)?\s+\w+(?:\s+(?:list|show|get|ls|identify|pids|monitor)\b.*)?$
      | iptables-save\b | iptables\S*\s(?:.*\s)?(?:-L|-S|-C|--list|--list-rules)\b
      | sysctl\s+(?!-[wp])[\w.]+\s*$
    )
    """,
    re.VERBOSE,
)


def changes(text: str) -> bool:
    """Whether a command line obviously changes something: it adds, sets, deletes or writes."""
    return _CHANGES.search(text) is not None


def looks_only(text: str) -> bool:
    """Whether a command line obviously changes nothing: it lists, shows, pings or fetches."""
    return _LOOKS.match(text) is not None and not changes(text)
