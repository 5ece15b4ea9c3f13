"""``<!-- checks -->``: the list of statements that must hold when a step is done."""

from __future__ import annotations

import re
from typing import Any

from engine.course.data import Marked, near
from engine.course.model import Check
from engine.course.problems import Problems
from engine.course.sections import NAME
from engine.verify.fields import FIELDS, validate


def read_checks(marked: Marked, problems: Problems) -> list[Check]:
    """The checks of a list; those that cannot be used are problems and left out."""
    checks: list[Check] = []
    seen: dict[str, int] = {}
    for index, item in enumerate(marked.data):
        line = marked.line((index,))
        if not isinstance(item, dict):
            problems.add(line, "check-no-mapping")
            continue
        check = _read(marked, index, item, line, problems)
        if check is None:
            continue
        if check.id in seen:
            problems.add(marked.line((index, "id")), "duplicate-check", id=check.id, line=seen[check.id])
        seen[check.id] = line
        checks.append(check)
    return checks


def _read(marked: Marked, index: int, item: dict[str, Any], line: int, problems: Problems) -> Check | None:
    before = len(problems.found)
    name, until = item.get("id"), item.get("until")
    if name is None:
        problems.add(line, "check-without-id")
    elif not isinstance(name, str) or not NAME.fullmatch(name):
        problems.add(marked.line((index, "id")), "bad-id", id=name)
    if "until" in item and not isinstance(until, str):
        problems.add(marked.line((index, "until")), "bad-until", step=until)
    others = [key for key in item if key not in ("id", "until")]
    known = [key for key in others if key in FIELDS]
    for key in others:
        if key not in known:
            choices = (*FIELDS, "id", "until")
            problems.add(marked.line((index, key)), "unknown-kind", kind=key, near=near(key, choices))
    if not others:
        problems.add(line, "check-without-kind", id=name or "—")
    if len(known) > 1:
        problems.add(marked.line((index, known[1])), "check-two-kinds", first=known[0], second=known[1])
    if len(known) != 1:
        return None
    kind = known[0]
    fields = item[kind]
    if not isinstance(fields, dict):
        problems.add(marked.line((index, kind)), "kind-no-mapping", kind=kind)
        return None
    check = Check(id=str(name), kind=kind, fields=fields, until=until if isinstance(until, str) else None, line=line)
    _validate(check, marked, index, problems)
    return check if len(problems.found) == before else None


def _validate(check: Check, marked: Marked, index: int, problems: Problems) -> None:
    """What ``engine.verify`` says of the fields, each at the line of the field that it names last."""
    for sentence in validate(check):
        named = [word for word in re.findall(r"`([^`]*)`", sentence.partition(";")[0]) if word in check.fields]
        where = (index, check.kind, *named[-1:])
        problems.add(marked.line(where), "bad-check-field", id=check.id, detail=sentence.rstrip("."))
