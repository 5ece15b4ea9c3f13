"""Which of the names that are there was probably meant: a letter too few, two swapped, a dash for an underscore."""

from __future__ import annotations

from collections.abc import Iterable

SHORT_NAME = 4
"""Names up to this length allow one slip, longer ones two."""
SHORTEST_PART = 5


def near(wanted: str, candidates: Iterable[str]) -> str | None:
    """The candidate that ``wanted`` was most probably meant to be; ``None`` if none is near (or it is there itself).

    Near are names up to two slips apart, names that differ in case, dashes, underscores and dots, and a name that is
    the beginning or the end of the other (``ns_dustin`` for ``netns_dustin``). ``veth_dustin`` and ``veth_ns_dustin``
    are *not* near: a course with both means both.
    """
    ranked = []
    for name in dict.fromkeys(candidates):
        if name == wanted:
            continue
        slips = distance(wanted.lower(), name.lower())
        if _bare(name) == _bare(wanted):
            slips = min(slips, 1)
        if slips <= (1 if min(len(wanted), len(name)) <= SHORT_NAME else 2):
            ranked.append((slips, name))
        elif _is_part(wanted, name) or _is_part(name, wanted):
            ranked.append((3, name))
    return min(ranked)[1] if ranked else None


def distance(one: str, other: str) -> int:
    """How many letters must be typed, dropped, changed or swapped with the next (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, character in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != character))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == character:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _bare(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _is_part(short: str, long: str) -> bool:
    return SHORTEST_PART <= len(short) < len(long) and (long.startswith(short) or long.endswith(short))
