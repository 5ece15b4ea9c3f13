"""What the commands of a step tell about a slip that left nothing in the lab: typed elsewhere, refused."""

from __future__ import annotations

import re

from engine.messages import Message
from engine.network.snapshot import HOST
from engine.verify.scene import Command, Scene, Use
from engine.verify.wording import place, quote, say
from engine.verify.wrappers import EACH, UNKNOWN

STATES = frozenset({"address", "link", "route", "rule"})
"""Kinds of which a step may want the same in several namespaces."""
_TELLING = re.compile(
    r"error|cannot|can't|could not|no such|exist|denied|invalid|unknown|not found|failed|unreachable|in use|bad "
    r"|no chain",
    re.I,
)


def from_commands(
    scene: Scene,
    words: tuple[str, ...],
    namespace: str | None,
    diagnosis: str,
    hint: Message,
    *,
    even_if_it_worked: bool = False,
) -> tuple[str, Message]:
    """The diagnosis and hint for something that is not as it should be, ``diagnosis`` and ``hint`` if no command of the
    step says more. A command counts if it holds all ``words``: one that failed in another namespace ran elsewhere
    (``even_if_it_worked``: also one that succeeded there), one that failed in the right one is quoted. ``namespace`` is
    ``None`` where it does not matter.
    """
    for use in scene.uses():
        if not all(use.mentions(word) for word in words):
            continue
        if namespace and is_elsewhere(use, namespace) and _serves_another_check(use, words, scene):
            continue
        if namespace and (use.failed or even_if_it_worked) and is_elsewhere(use, namespace):
            return "ran-elsewhere", ran_elsewhere(use, namespace, scene)
        return (diagnosis, failure(use.run)) if use.failed else (diagnosis, hint)
    return diagnosis, hint


def is_elsewhere(use: Use, namespace: str) -> bool:
    """Whether it is known to have worked in another namespace than that."""
    return use.namespace not in (namespace, EACH, UNKNOWN)


def _serves_another_check(use: Use, words: tuple[str, ...], scene: Scene) -> bool:
    """Whether another check of the step asks for the same in the namespace where the command worked."""
    return any(
        check.fields.get("namespace", HOST) == use.namespace and set(words) <= set(map(str, check.fields.values()))
        for check in scene.checks
        if check.kind in STATES
    )


def ran_elsewhere(use: Use, namespace: str, scene: Scene) -> Message:
    """That it ran in another namespace than ``namespace``: one that does not exist, a shell's own, or another."""
    if use.namespace not in (EACH, UNKNOWN) and scene.space(use.namespace) is None:
        return say("ran.hint-no-namespace", found=use.namespace, name=namespace)
    if use.invocation.namespace is None and use.run.namespace not in (HOST, UNKNOWN):
        return say("hint.ran-elsewhere-shell", where=place(use.namespace), right=place(namespace))
    return say("hint.ran-elsewhere", where=place(use.namespace), right=place(namespace))


def failure(run: Command) -> Message:
    """In the failed command's own words, why it failed."""
    error = error_line(run.output)
    if not error:
        return say("hint.command-failed", command=quote(run.text), exit=run.exit)
    return say("hint.command-said", command=quote(run.text), error=quote(error))


def error_line(output: str) -> str:
    """The last line of an output that tells of an error; its last line if none does."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if _TELLING.search(line)), lines[-1] if lines else "")
