"""What the doctor knows (facts) and what it says (findings), as data."""

from __future__ import annotations

from typing import Literal

import msgspec

from engine.messages import Message

Status = Literal["found", "missing", "optional"]
"""There; needed and not there; not there, and a lab works without it."""


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A program that the tutorial needs, as ``tools.txt`` lists it."""

    program: str
    needed: bool
    packages: dict[str, str]
    """The package that holds it, by family of distributions."""
    path: str | None = None
    """Where it is on this machine."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """Something tried, and what it said."""

    name: str
    exit: int
    text: str = ""

    @property
    def worked(self) -> bool:
        return self.exit == 0


class LabTrial(msgspec.Struct, frozen=True, kw_only=True):
    """A real lab, started up to its first prompt."""

    seconds: float | None = None
    """How long that took; ``None``: it did not start."""
    error: Message | None = None


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was looked at and tried on a machine."""

    system: str = "Linux"
    """As ``uname -s`` says it."""
    release: str = ""
    python: str = ""
    distribution: str = ""
    family: str | None = None
    """``debian``, ``fedora`` or ``arch``: how packages are installed."""
    root: bool = False
    container: str | None = None
    """``docker``, ``podman`` …, where this is a container and it can be told."""
    chroot: bool = False
    filtered: bool = False
    """System calls of this process are filtered (seccomp)."""
    sysctls: dict[str, int] = {}
    """Values of the sysctls that matter; one that the kernel does not have is not there."""
    tools: tuple[Tool, ...] = ()
    trials: dict[str, Trial] = {}
    """By name; one that could not be tried because an earlier one failed is not there."""
    lab: LabTrial | None = None

    @property
    def wsl(self) -> bool:
        return "microsoft" in self.release.lower()


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """A line to type, and when or where to type it."""

    line: str
    note: Message | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a lab needs: there or not, why not, and what mends it."""

    id: str
    group: Literal["machine", "programs", "kernel", "lab"]
    status: Status
    what: Message
    why: Message | None = None
    remedies: tuple[Remedy, ...] = ()
