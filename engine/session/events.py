"""What a session tells its screen: facts, in the past tense."""

from __future__ import annotations

import msgspec

from engine.course.model import Step
from engine.lab import CommandRun, Shell
from engine.messages import Message
from engine.network.announcement import Announcement
from engine.network.snapshot import Snapshot
from engine.verify import Verdict


class LabStarted(msgspec.Struct, frozen=True):
    """A fresh lab is ready at the session's step; terminals of an earlier lab are gone."""


class LabLost(msgspec.Struct, frozen=True):
    """The lab died or was spoilt; ``session.reset()`` gives a fresh one at this step."""

    reason: Message


class LabRestored(msgspec.Struct, frozen=True):
    """The lab was rebuilt, but not wholly as the learner had left it."""

    reason: Message


class SnapshotTaken(msgspec.Struct, frozen=True):
    snapshot: Snapshot


class KernelAnnounced(msgspec.Struct, frozen=True):
    """What has happened in the lab's namespaces, in order and in the words of ``ip monitor``."""

    announcements: tuple[Announcement, ...]


class CommandStarted(msgspec.Struct, frozen=True):
    command: CommandRun


class CommandFinished(msgspec.Struct, frozen=True):
    command: CommandRun


class ChecksEvaluated(msgspec.Struct, frozen=True):
    """The verdicts of the current step, and those of earlier steps' checks that no longer hold."""

    verdicts: tuple[Verdict, ...]
    undone: tuple[Verdict, ...]


class StepPassed(msgspec.Struct, frozen=True):
    """Every check of the current step passed for the first time."""

    step: Step


class StepChanged(msgspec.Struct, frozen=True):
    """The learner is at another step."""

    step: Step


class PredictionJudged(msgspec.Struct, frozen=True):
    """The command that a question of the current step is about has been run; ``held``: the guess was right."""

    key: str
    held: bool


class JournalGrew(msgspec.Struct, frozen=True):
    """Something that was run has changed the lab: it can be taken back."""


class FreePlayBegan(msgspec.Struct, frozen=True):
    """The lesson waits; its checks are not evaluated."""


class FreePlayEnded(msgspec.Struct, frozen=True):
    """The lesson goes on; the lab is brought back to where it was."""


class GateHeld(msgspec.Struct, frozen=True):
    """The learner wanted to go to ``step``, which the instructor has not opened yet."""

    step: Step


class SetAside(msgspec.Struct, frozen=True):
    """The learner was taken to ``step``; their own work waits, if there was any (``kept``)."""

    step: Step
    kept: bool


class TakenUp(msgspec.Struct, frozen=True):
    """The learner's own work, which waited, goes on."""


class TerminalOpened(msgspec.Struct, frozen=True):
    """A shell is ready; it replaces an earlier one of the same name."""

    shell: Shell


class TerminalEnded(msgspec.Struct, frozen=True):
    """The shell of that terminal exited or was killed."""

    name: str


class Busy(msgspec.Struct, frozen=True):
    """Something takes a moment; the terminals are not to be typed into until :class:`Idle`."""

    message: Message


class Idle(msgspec.Struct, frozen=True):
    """The work announced by :class:`Busy` has ended."""


class LanguageChanged(msgspec.Struct, frozen=True):
    language: str


Event = (
    LabStarted
    | LabLost
    | LabRestored
    | SnapshotTaken
    | KernelAnnounced
    | CommandStarted
    | CommandFinished
    | ChecksEvaluated
    | StepPassed
    | StepChanged
    | PredictionJudged
    | JournalGrew
    | FreePlayBegan
    | FreePlayEnded
    | GateHeld
    | SetAside
    | TakenUp
    | TerminalOpened
    | TerminalEnded
    | Busy
    | Idle
    | LanguageChanged
)
