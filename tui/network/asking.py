"""What the network's faces ask of the main screen: another face, fresh counters, a command at the prompt."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.session.session import Session
    from tui.network.faces import NetworkFaces
    from tui.network.topology import TopologyView
    from tui.terminal.deck import TerminalDeck
    from tui.words import Say


class NetworkActions:
    """Mixed into the main screen."""

    if TYPE_CHECKING:
        session: Session
        say: Say
        busy: str | None
        deck: TerminalDeck
        network: NetworkFaces

        def ask(self, work: Coroutine[Any, Any, Any]) -> None: ...
        def note(self, text: str) -> None: ...
        def action_open_terminal(self, name: str) -> None: ...

    def action_face(self) -> None:
        """The drawing, the tables, or both."""
        self.network.next_face()

    def on_topology_view_look_wanted(self) -> None:
        """No event of the kernel tells of packets."""
        if self.session.lab is not None and not self.busy:
            self.ask(self.session.lab.refresh())

    def on_topology_view_command_wanted(self, message: TopologyView.CommandWanted) -> None:
        """Put the command at the prompt of the terminal in front; the learner presses Enter."""
        self.ask(self._offer(message.command))

    async def _offer(self, command: str) -> None:
        name = self.deck.front
        shell = self.session.terminals.get(name or "")
        if name is None or shell is None or shell.ended or not shell.at_prompt or self.busy:
            self.note(self.say("told.terminal_busy"))
            return
        await shell.type(command)
        self.action_open_terminal(name)
