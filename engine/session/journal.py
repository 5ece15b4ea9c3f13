"""Which of the learner's commands changed the lab: with them a fresh lab can be brought to the same state.

A command belongs into the journal when the lab's state differs after it, whatever it is called. What differs from
moment to moment without anybody's doing (counters, neighbours, carrier) does not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.lab import CommandRun
from engine.network.snapshot import Listener, Snapshot
from engine.session.progress import Entry
from engine.verify.commandline import programs

if TYPE_CHECKING:
    from engine.session.session import Session

WATCHING = frozenset({"ping", "curl", "tcpdump", "watch", "top", "htop", "less", "man", "dig", "tail", "iperf3"})
"""Programs that never change the lab and may never end: not replayed, even if something changed while they ran."""


def stable(snapshot: Snapshot) -> Snapshot:
    """What a replay must reproduce: the snapshot without counters, carrier and sockets."""
    bare = snapshot.without_counters()
    return replace(
        bare,
        namespaces=tuple(
            replace(
                space,
                inode=0,
                listeners=(),
                links=tuple(
                    replace(link, index=0, mac="", carrier=False, state="", flags=()) for link in space.links
                ),
                addresses=tuple(address for address in space.addresses if not address.is_ipv6),
                routes=tuple(replace(route, flags=()) for route in space.routes if ":" not in route.to),
            )
            for space in bare.namespaces
        ),
    )


class Journal:
    """Writes into ``session.progress.journal`` as commands end and servers come up."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._last: Snapshot | None = None
        self.touched = False
        """Whether the lab was changed since the current step began."""

    @property
    def entries(self) -> list[Entry]:
        return self._session.progress.journal

    def begin_step(self) -> None:
        """The lab as it is now is where the step begins."""
        self.touched = False
        snapshot = self._session.snapshot
        self._last = stable(snapshot) if snapshot else None

    def command_finished(self, run: CommandRun, snapshot: Snapshot) -> None:
        """Take note of an ended command; ``snapshot`` was taken after its end."""
        kept = [entry for entry in self.entries if not (entry.runs and entry.terminal == run.terminal)]
        if len(kept) != len(self.entries):
            self.entries[:] = kept
            self._changed()
        now = stable(snapshot)
        before, self._last = self._last, now
        if before is None or before == now:
            return
        if WATCHING.issuperset(programs(run.text)) and programs(run.text):
            return
        files = {path: text for path, text in now.files.items() if before.files.get(path) != text}
        files |= {path: None for path in before.files if path not in now.files}
        self.entries.append(
            Entry(
                step=self._session.step.id,
                terminal=run.terminal,
                text=run.text,
                namespace=run.namespace,
                cwd=run.cwd,
                files=files,
            )
        )
        self._changed()

    def snapshot_taken(self, snapshot: Snapshot) -> None:
        """Take note of servers that have come up in a terminal, in the foreground."""
        listeners = [one for space in snapshot.namespaces for one in space.listeners]
        for shell in self._session.terminals.values():
            run = shell.running
            if run is None or any(entry.runs and entry.terminal == shell.name for entry in self.entries):
                continue
            if any(_belongs(one, run) for one in listeners):
                self.entries.append(
                    Entry(
                        step=self._session.step.id,
                        terminal=shell.name,
                        text=run.text,
                        namespace=run.namespace,
                        cwd=run.cwd,
                        runs=True,
                    )
                )
                self._changed()

    def _changed(self) -> None:
        self.touched = True
        self._session.save()


def _belongs(listener: Listener, run: CommandRun) -> bool:
    """Whether a listening process is the one that ``run`` started: its command line ends the typed one."""
    if not listener.process:
        return False
    words = listener.process.split()
    return bool(words) and words[-1] in run.text.split() and words[0].rsplit("/", 1)[-1] in run.text
