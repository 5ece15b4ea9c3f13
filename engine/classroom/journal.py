"""What happened at a seat, as the board and the report read it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from engine.classroom.desk import JournalEntry
from engine.classroom.kept import EventRecord
from engine.messages import Message


def entries(events: Iterable[EventRecord]) -> tuple[JournalEntry, ...]:
    """The events of one seat, in order."""
    found: list[JournalEntry] = []
    consent = False
    for event in events:
        entry = _entry(event)
        if entry.kind == "help-answered":
            if consent and entry.detail == "no":
                entry = msgspec.structs.replace(entry, detail="over")
            consent = entry.detail == "yes"
        found.append(entry)
    return tuple(found)


def _entry(event: EventRecord) -> JournalEntry:
    told: dict[str, Any] = msgspec.json.decode(event.payload, type=dict)
    order = told.get("order", {})
    match event.kind:
        case "step-ended":
            detail = told["state"]
        case "hand":
            detail = "up" if told["up"] else "down"
        case "help-answered":
            detail = "yes" if told["consent"] else "no"
        case "hint":
            detail = "solution" if told.get("solution") else str(told["hints"])
        case "order":
            detail = order["type"]
        case "left":
            detail = told["by"]
        case "stuck":
            detail = told["check"]
        case _:
            detail = ""
    why = told.get("why")
    return JournalEntry(
        seq=event.seq,
        at=event.at,
        kind=event.kind,
        step=told.get("step", "") or order.get("step", ""),
        text=told.get("text", "") or order.get("text", ""),
        exit=told.get("exit"),
        terminal=told.get("terminal", ""),
        namespace=told.get("namespace", ""),
        detail=detail,
        why=msgspec.convert(why, Message) if why else None,
        seconds=told.get("seconds") or 0.0,
        hints=told.get("hints", 0),
        tries=told.get("tries", 0),
    )
