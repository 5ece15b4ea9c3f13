"""``namespace``: a network namespace with a name exists, or is gone."""

from __future__ import annotations

from typing import Any

from engine.messages import Message
from engine.network.snapshot import HOST
from engine.verify.names import near
from engine.verify.scene import Scene
from engine.verify.slips import from_commands
from engine.verify.verdict import Finding
from engine.verify.wording import either, say


def expected(fields: dict[str, Any]) -> Message:
    if fields.get("absent"):
        return say("namespace.expected-absent", name=either(fields["name"]))
    return say("namespace.expected", name=either(fields["name"]))


def judge(fields: dict[str, Any], scene: Scene) -> Finding:
    name = fields["name"]
    there = scene.space(name) is not None
    observed = say("namespace.there", name=name) if there else say("observed.no-namespace", namespace=name)
    if fields.get("absent"):
        return Finding(observed, "still-there", say("namespace.hint-still", name=name)) if there else Finding(observed)
    if there:
        return Finding(observed)
    found = near(name, (space.name for space in scene.spaces if space.name != HOST))
    if found:
        return Finding(observed, "near-name", say("hint.near", found=found, name=name))
    return Finding(
        observed, *from_commands(scene, (name,), HOST, "not-there", say("hint.no-namespace", namespace=name))
    )
