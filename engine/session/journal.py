"""Which of the learner's commands changed the lab: with them a fresh lab can be brought to the same state.

A command belongs into the journal when the lab's state differs after it, whatever it is called. What differs from
moment to moment without anybody's doing (counters, neighbours, carrier) does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from engine.lab import CommandRun
from engine.network.snapshot import Listener, Snapshot
from engine.session.progress import Entry, live
from engine.verify.commandline import programs

if TYPE_CHECKING:
    from engine.session.session import Session

WATCHING = frozenset({"ping", "curl", "tcpdump", "watch", "top", "htop", "less", "man", "dig", "tail", "iperf3"})
"""Programs that never change the lab and may never end: not replayed, even if something changed while they ran."""

INTERACTIVE = frozenset(
    {"nano", "vi", "vim", "vim.tiny", "nvim", "emacs", "ed", "mcedit", "bash", "sh", "tmux", "screen"}
)
"""Programs that need somebody at the keyboard: their work is replayed as the files they left, not as themselves."""


def stable(snapshot: Snapshot) -> Snapshot:
    """What a replay must reproduce: the snapshot without counters, carrier and sockets.

    A built-in chain that accepts is the same as none: iptables-nft makes it with the table's first rule and leaves it.
    """
    bare = snapshot.without_counters()
    return replace(
        bare,
        namespaces=tuple(
            replace(
                space,
                inode=0,
                listeners=(),
                links=tuple(replace(link, index=0, mac="", carrier=False, state="", flags=()) for link in space.links),
                addresses=tuple(address for address in space.addresses if not address.is_ipv6),
                routes=tuple(replace(route, flags=()) for route in space.routes if ":" not in route.to),
                chains=tuple(chain for chain in space.chains if chain.policy != "ACCEPT"),
            )
            for space in bare.namespaces
        ),
    )


class Journal:
    """Writes into the session's progress as commands end and servers come up."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._last: Snapshot | None = None
        self._listening: frozenset[Listening] = frozenset()
        self._left_behind: list[CommandRun] = []
        """Commands that left something in the background which does not listen yet."""
        self.touched = False
        """Whether the lab was changed since the current step began."""

    @property
    def entries(self) -> list[Entry]:
        return self._session.progress.entries

    def begin_step(self) -> None:
        """The lab as it is now is where the step begins, or goes on."""
        step = self._session.step.id
        self.touched = any(entry.step == step for entry in self.entries)
        self._left_behind = []
        snapshot = self._session.snapshot
        self._last = stable(snapshot) if snapshot else None
        self._listening = _listening(snapshot) if snapshot else frozenset()

    def commands_finished(self, runs: Sequence[CommandRun], snapshot: Snapshot) -> None:
        """Take note of commands that have ended since the last call; ``snapshot`` was taken after their end.

        When several ended at once (a pasted block) nobody can tell which of them changed what: all are kept, in order.
        """
        self._forget_ended_servers({run.terminal for run in runs}, snapshot)
        self._left_behind += [run for run in runs if is_background(run.text)]
        self._claim(_listening(snapshot))
        now = stable(snapshot)
        before, self._last = self._last, now
        runs = [run for run in runs if not _only(WATCHING, run.text)]
        if before is None or before == now or not runs:
            return
        files = {path: text for path, text in now.files.items() if before.files.get(path) != text}
        files |= {path: None for path in before.files if path not in now.files}
        for run in runs:
            background = is_background(run.text)
            if background and run in self._left_behind:
                self._left_behind.remove(run)
            self._add(run, background=background, files=files if run is runs[-1] else {})

    def snapshot_taken(self, snapshot: Snapshot) -> None:
        """Take note of servers that have come up: in the foreground of a terminal, or left behind by a command."""
        self._claim(_listening(snapshot))
        listeners = [one for space in snapshot.namespaces for one in space.listeners]
        for shell in self._session.terminals.values():
            run = shell.running
            if run is None or any(one.runs and one.terminal == shell.name for one in live(self.entries)):
                continue
            if any(_belongs(one, run) for one in listeners):
                self._add(run, runs=True)

    def _claim(self, listening: frozenset[Listening]) -> None:
        """Somebody new listens: is it what a command left in the background?"""
        for *_, process in listening - self._listening:
            run = next((run for run in self._left_behind if process in run.text), None)
            if run is not None:
                self._left_behind.remove(run)
                self._add(run, background=True)
        self._listening = listening

    def _forget_ended_servers(self, terminals: set[str], snapshot: Snapshot) -> None:
        """Where a server ran in the foreground the prompt is back; what was in the background listens no more."""
        listening = _listening(snapshot)
        ended = [
            one
            for one in live(self.entries)
            if (one.runs and one.terminal in terminals)
            or (one.background and not any(process in one.text for *_, process in listening))
        ]
        step = self._session.step.id
        for one in ended:
            self._append(replace(one, step=step, runs=False, background=False, files={}, ends=True))

    def _add(
        self,
        run: CommandRun,
        *,
        runs: bool = False,
        background: bool = False,
        files: dict[str, str | None] | None = None,
    ) -> None:
        interactive = _only(INTERACTIVE, run.text)
        self._append(
            Entry(
                step=self._session.step.id,
                terminal=run.terminal,
                text=":" if interactive else run.text,
                typed=run.text if interactive else None,
                namespace=run.namespace,
                cwd=run.cwd,
                runs=runs,
                background=background,
                failed=bool(run.exit),
                files=files or {},
            )
        )

    def _append(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.touched = True
        self._session.journal_grew()


def is_background(text: str) -> bool:
    """Whether the command line leaves something running behind the prompt (``server &``)."""
    bare = text.rstrip()
    return bare.endswith("&") and not bare.endswith("&&")


def _only(some: frozenset[str], text: str) -> bool:
    names = programs(text)
    return bool(names) and names <= some


Listening = tuple[str, str, str, int, str]


def _listening(snapshot: Snapshot) -> frozenset[Listening]:
    """Who listens where; the last field is the last word of the process's command line."""
    return frozenset(
        (space.name, one.protocol, one.address, one.port, one.process.split()[-1])
        for space in snapshot.namespaces
        for one in space.listeners
        if one.process and one.process.split()
    )


def _belongs(listener: Listener, run: CommandRun) -> bool:
    """Whether a listening process is the one that ``run`` started: its command line ends the typed one."""
    if not listener.process:
        return False
    words = listener.process.split()
    return bool(words) and words[-1] in run.text.split() and words[0].rsplit("/", 1)[-1] in run.text
