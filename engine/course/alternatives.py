"""``<!-- accepted -->`` and ``<!-- mistakes -->``: other ways to do a step, right ones and wrong ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from engine.course.data import Marked, Where, convert, near
from engine.course.diagnoses import DIAGNOSES
from engine.course.fences import INTERRUPT, TERMINALS, namespace_of
from engine.course.model import Alternative, Command
from engine.course.problems import Problems


class CommandFields(msgspec.Struct, kw_only=True):
    """A command, or several, with where they are typed."""

    run: Any
    terminal: str | None = msgspec.field(name="in", default=None)
    namespace: str | None = None
    runs: bool = False


class MistakeFields(CommandFields, kw_only=True):
    fails: str
    says: str


@dataclass(frozen=True)
class DraftCommand:
    text: str
    terminal: str | None
    namespace: str | None
    runs: bool


@dataclass(frozen=True)
class Draft:
    """An alternative whose terminals are still to be chosen; the lines are those of its parts."""

    commands: tuple[DraftCommand, ...]
    line: int
    check: str | None = None
    check_line: int = 0
    diagnosis: str | None = None


def read_accepted(marked: Marked, problems: Problems) -> list[Draft]:
    """The entries of an ``accepted`` list: each a command, a list of them, or a mapping."""
    drafts = []
    for index in range(len(marked.data)):
        commands = _read(marked, (index,), CommandFields(run=None), problems)
        if commands:
            drafts.append(Draft(tuple(commands), marked.line((index,))))
    return drafts


def read_mistakes(marked: Marked, problems: Problems) -> list[Draft]:
    """The entries of a ``mistakes`` list: mappings that say which check fails, and with which diagnosis."""
    drafts = []
    for index in range(len(marked.data)):
        fields = convert(marked, MistakeFields, problems, (index,))
        if fields is None:
            continue
        if fields.says not in DIAGNOSES:
            line = marked.line((index, "says"))
            problems.add(line, "unknown-diagnosis", says=fields.says, near=near(fields.says, DIAGNOSES))
        commands = _of_fields(marked, (index,), fields, problems)
        if commands:
            line = marked.line((index, "fails"))
            drafts.append(Draft(tuple(commands), marked.line((index,)), fields.fails, line, fields.says))
    return drafts


def _read(marked: Marked, where: Where, outer: CommandFields, problems: Problems) -> list[DraftCommand]:
    """The commands at ``where``; what they do not say themselves is as ``outer`` says."""
    item = marked.data
    for part in where:
        item = item[part]
    if isinstance(item, str):
        if not item.strip():
            problems.add(marked.line(where), "empty-command")
            return []
        return [DraftCommand(item.strip("\n"), outer.terminal, outer.namespace, outer.runs)]
    if isinstance(item, list):
        if not item:
            problems.add(marked.line(where), "empty-command")
        return [one for index in range(len(item)) for one in _read(marked, (*where, index), outer, problems)]
    fields = convert(marked, CommandFields, problems, where)
    if fields is None:
        return []
    fields.terminal = fields.terminal or outer.terminal
    fields.namespace = fields.namespace or outer.namespace
    return _of_fields(marked, where, fields, problems)


def _of_fields(marked: Marked, where: Where, fields: CommandFields, problems: Problems) -> list[DraftCommand]:
    if fields.terminal is not None and fields.terminal not in TERMINALS:
        problems.add(marked.line((*where, "in")), "unknown-terminal", word=fields.terminal)
    inner = CommandFields(run=None, terminal=fields.terminal, namespace=fields.namespace)
    commands = _read(marked, (*where, "run"), inner, problems)
    if fields.runs and commands:
        commands[-1] = replace(commands[-1], runs=True)
    return commands


def settle(draft: Draft, reference: Sequence[Command], busy: Iterable[str]) -> Alternative:
    """The alternative with a terminal for each command.

    A command is typed where the step's first command is; where that terminal is occupied (by a server from an earlier
    step, in ``busy``, or by a command of this alternative that goes on running), in the next free one.
    """
    taken = set(busy)
    names = tuple(dict.fromkeys([command.terminal for command in reference] + list(TERMINALS)))
    interrupted = [command.terminal for command in reference if command.text == INTERRUPT]
    current = names[0]
    started: list[str] = []
    commands = []
    for one in draft.commands:
        if one.text == INTERRUPT:
            candidates = [*reversed(started), *interrupted, *sorted(taken), current]
            terminal = one.terminal or next((name for name in candidates if name in taken), current)
            taken.discard(terminal)
            commands.append(Command(text=INTERRUPT, terminal=terminal))
            continue
        terminal = one.terminal or current
        if one.terminal is None and terminal in taken:
            terminal = next((name for name in names if name not in taken), current)
        current = terminal
        if one.runs:
            taken.add(terminal)
            started.append(terminal)
        namespace = one.namespace or namespace_of(one.text) or "host"
        commands.append(Command(text=one.text, terminal=terminal, namespace=namespace, runs=one.runs))
    return Alternative(commands=tuple(commands), check=draft.check, diagnosis=draft.diagnosis, line=draft.line)
