"""Everything that a check may look at: the lab's picture, the commands of this step, the step's other checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from engine.course.model import Check
from engine.network.snapshot import HOST, Namespace, Process, Snapshot
from engine.verify.commandline import Invocation, invocations
from engine.verify.names import near
from engine.verify.verdict import Finding
from engine.verify.wording import say
from engine.verify.wrappers import EACH, UNKNOWN


class Command(Protocol):
    """What is known of a command that was run; ``engine.lab.CommandRun`` is one."""

    @property
    def text(self) -> str: ...
    @property
    def namespace(self) -> str: ...
    @property
    def exit(self) -> int | None: ...
    @property
    def output(self) -> str: ...


@dataclass(frozen=True)
class Use:
    """One program of a command that was run, and the namespace it worked in (``?`` unknown, ``*`` every named one)."""

    run: Command
    invocation: Invocation
    namespace: str

    @property
    def failed(self) -> bool:
        """It ended with an error; a program that was interrupted (Ctrl-C, Ctrl-Z) did not fail."""
        return self.run.exit not in (0, None, 130, 148)

    def mentions(self, word: str) -> bool:
        """Whether ``word`` stands among its words: itself, as ``word/24``, in ``NAME=word`` or as the end of a path."""
        return any(_is(token, word) for token in (*self.invocation.words, *self.invocation.targets))

    def is_in(self, namespace: str) -> bool:
        """Whether it worked in that namespace. A nameless or untold one is taken for any but the host's."""
        return self.namespace == namespace or (self.namespace in (EACH, UNKNOWN) and namespace != HOST)


@dataclass(frozen=True)
class Scene:
    """See the module. ``commands`` are those of the current step, in order."""

    snapshot: Snapshot
    commands: tuple[Command, ...] = ()
    checks: tuple[Check, ...] = field(default=())

    def space(self, name: str) -> Namespace | None:
        return self.snapshot.namespace(name)

    @property
    def spaces(self) -> tuple[Namespace, ...]:
        return self.snapshot.namespaces

    def others(self, name: str) -> tuple[Namespace, ...]:
        """Every namespace but that one."""
        return tuple(space for space in self.spaces if space.name != name)

    def no_namespace(self, name: str) -> Finding:
        """The finding for whatever speaks of a namespace that does not exist."""
        found = near(name, (space.name for space in self.spaces if space.name != HOST))
        hint = say("hint.near", found=found, name=name) if found else say("hint.no-namespace", namespace=name)
        return Finding(say("observed.no-namespace", namespace=name), "no-namespace", hint)

    def uses(self) -> Iterator[Use]:
        """Every program that the step's commands ran, the latest first."""
        for run in reversed(self.commands):
            for one in reversed(invocations(run.text)):
                yield Use(run, one, self._effective(one.namespace or run.namespace))

    def _effective(self, namespace: str) -> str:
        if not namespace.startswith("pid:"):
            return namespace
        pid = namespace.removeprefix("pid:")
        process = next((one for one in self.snapshot.processes if str(one.pid) == pid), None)
        return (process.namespace if process else None) or UNKNOWN

    def process(self, pid: int | None) -> Process | None:
        return next((one for one in self.snapshot.processes if one.pid == pid), None)


def _is(token: str, word: str) -> bool:
    return any(_is_part(part, word) for part in (token, *token.split("=", 1)))


def _is_part(text: str, word: str) -> bool:
    if word in (text, text.split("/")[0], text.rsplit("/", 1)[-1]):
        return True
    return text.replace("/", ".").endswith("." + word)
