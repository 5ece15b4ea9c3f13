"""Which thing of a drawing is meant: by a point, by a direction, by its order. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from tui.network.canvas import Key, Region

_WAYS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}
ACROSS = 6
"""A thing aside of the direction counts as that much further away."""
ROW = 2
"""A row is as high as that many cells are wide."""


def at(regions: Sequence[Region], x: int, y: int) -> Key | None:
    """The smallest thing in which the point is."""
    there = [region for region in regions if region.holds(x, y)]
    return min(there, key=lambda region: region.area).key if there else None


def ordered(regions: Sequence[Region]) -> list[Region]:
    """From top to bottom, from left to right; a box before what is in it."""
    return sorted(regions, key=lambda region: (region.top, region.start, -region.area))


def following(regions: Sequence[Region], key: Key | None, step: int) -> Key | None:
    """The thing after ``key`` in order, round the end; ``step`` -1: before it."""
    keys = [region.key for region in ordered(regions)]
    if not keys:
        return None
    if key not in keys:
        return keys[0 if step > 0 else -1]
    return keys[(keys.index(key) + step) % len(keys)]


def beside(regions: Sequence[Region], key: Key | None, way: str) -> Key | None:
    """The nearest thing in that direction; ``key`` itself if there is none."""
    here = next((region for region in regions if region.key == key), None)
    if here is None:
        return following(regions, None, 1)
    dx, dy = _WAYS[way]
    x, y = _anchor(here)

    def distance(region: Region) -> tuple[int, int]:
        other_x, other_y = _anchor(region)
        along = dx * (other_x - x) + dy * (other_y - y) * ROW
        aside = abs(dy * (other_x - x)) + abs(dx * (other_y - y)) * ROW
        return along, aside

    ahead = [(distance(region), region) for region in regions if region.key != key]
    ahead = [(two, region) for two, region in ahead if two[0] > 0]
    return min(ahead, key=lambda one: one[0][0] + ACROSS * one[0][1])[1].key if ahead else key


def _anchor(region: Region) -> tuple[int, int]:
    """Where a thing is, as one looks at it: its beginning, a box's title."""
    return region.start, region.top + (1 if region.bottom - region.top > 1 else 0)
