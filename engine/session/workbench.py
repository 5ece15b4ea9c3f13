"""The lab on the learner's bench, and how another takes its place.

A new lab is made *beside* the one in use, which stays on the screen until the new one is as it should be: to the eye
the change is one moment. What the new shells print meanwhile is kept, and shown when they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from engine.course.model import Step
from engine.lab import Lab, Shell
from engine.messages import Message
from engine.session import events
from engine.session.performer import Terminals
from engine.session.progress import Entry
from engine.session.replay import ReplayError, entries_before, replay

if TYPE_CHECKING:
    from engine.session.session import Session


class _Curtain:
    """Shells that nobody sees yet, and what they have printed."""

    def __init__(self) -> None:
        self._shells: list[tuple[Shell, bytearray, Callable[[bytes], None]]] = []

    def add(self, shell: Shell) -> None:
        printed = bytearray()
        keep = printed.extend
        shell.on_output.append(keep)
        self._shells.append((shell, printed, keep))

    def rise(self, show: Callable[[Shell], None]) -> None:
        """Show each; whoever listens to it now hears what it printed before."""
        for shell, printed, keep in self._shells:
            shell.on_output.remove(keep)
            known = len(shell.on_output)
            show(shell)
            for callback in tuple(shell.on_output[known:]):
                callback(bytes(printed))


class Workbench:
    """See the module. The session owns one; it tells the session's events of labs and terminals."""

    def __init__(self, session: Session, iptables: str | None) -> None:
        self._session = session
        self._iptables = iptables
        self.lab: Lab | None = None
        self.lost: Message | None = None
        self.terminals: Terminals | None = None
        self.size = (80, 24)
        self.replacing = False
        """A fresh lab is on its way: what happens to the one in use does not matter any more."""
        self._closing: set[asyncio.Task[None]] = set()
        self.coming: asyncio.Future[Lab] | None = None
        """A lab that is being made already: the first one that is needed."""

    def set_size(self, columns: int, rows: int) -> None:
        self.size = (columns, rows)
        if self.terminals:
            self.terminals.columns, self.terminals.rows = columns, rows

    async def close(self) -> None:
        """End every lab."""
        lab, self.lab = self.lab, None  # what ends with it is not the learner's doing
        if lab:
            await lab.close()
        coming, self.coming = self.coming, None
        if coming is not None:
            for one in await asyncio.gather(coming, return_exceptions=True):
                if isinstance(one, Lab):
                    await one.close()
        await asyncio.gather(*self._closing)

    async def open_terminals(self, step: Step) -> None:
        """A shell in each terminal that the step uses."""
        if self.terminals:
            await _open(self.terminals, step)

    async def change(
        self, entries: Sequence[Entry], step: Step, names: Collection[str] = ()
    ) -> tuple[list[Entry], Message | None]:
        """Put a fresh lab in place of the one in use, brought to ``entries``, with the terminals of ``step`` and
        those named.

        Returns what it was really brought to, and why if that is not ``entries`` but the state which the lessons have
        just before ``step``. Raises ``LabError`` if no lab can be made; the one in use stays then.
        """
        if self.lost and self.lab:  # it may be eating up the machine
            spoilt, self.lab = self.lab, None
            await spoilt.close()
        try:
            await self._make(entries, step, names)
            return list(entries), None
        except ReplayError as error:
            instead = entries_before(self._session.course, step)
            await self._make(instead, step, names)
            return instead, error.message

    async def _make(self, entries: Sequence[Entry], step: Step, names: Collection[str]) -> None:
        coming, self.coming = self.coming, None
        lab = await (coming or Lab.start(iptables=self._iptables))
        curtain = _Curtain() if self.lab else None
        self.replacing = curtain is not None
        opened = curtain.add if curtain else lambda shell: self._show(lab, shell)
        terminals = Terminals(lab, opened, *self.size)
        before = self.lab
        if curtain is None:
            self._take(lab, terminals)
        try:
            await asyncio.gather(replay(lab, terminals, entries), _open(terminals, step, names))
            await lab.refresh()
        except BaseException:
            if self.lab is lab:
                self.lab = None
            await lab.close()
            raise
        finally:
            self.replacing = False
        if curtain is not None:
            self._take(lab, terminals)
            self._resize(terminals)
            terminals.opened = lambda shell: self._show(lab, shell)
            curtain.rise(lambda shell: self._show(lab, shell))
        lab.on_snapshot(lambda snapshot: self._session.snapshot_taken(lab, snapshot))
        lab.on_announced(lambda announcements: self._session.kernel_announced(lab, announcements))
        if before is not None:
            task = asyncio.ensure_future(before.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _take(self, lab: Lab, terminals: Terminals) -> None:
        self.lab, self.terminals, self.lost = lab, terminals, None
        self._session.emit(events.LabStarted())
        lab.on_lost(lambda reason: self._lost(lab, reason))

    def _lost(self, lab: Lab, reason: Message) -> None:
        if lab is self.lab and self.lost is None:
            self.lost = reason
            if not self.replacing:
                self._session.lab_lost(reason)

    def _resize(self, terminals: Terminals) -> None:
        """The window may have another size since the work began."""
        if (terminals.columns, terminals.rows) != self.size:
            terminals.columns, terminals.rows = self.size
            for shell in terminals.shells.values():
                shell.resize(*self.size)

    def _show(self, lab: Lab, shell: Shell) -> None:
        session = self._session
        shell.on_started.append(lambda run: session.command_started(lab, run))
        shell.on_finished.append(lambda run: session.command_finished(lab, shell, run))
        shell.on_ended.append(lambda: session.terminal_ended(lab, shell))
        session.emit(events.TerminalOpened(shell))


async def _open(terminals: Terminals, step: Step, names: Collection[str] = ()) -> None:
    every = sorted({command.terminal for command in step.commands} | {"T1", *names})
    await asyncio.gather(*(terminals.open(name) for name in every))
