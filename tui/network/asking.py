"""What the network's faces ask of the main screen: another face, fresh counters, a command at the prompt."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from tui.network.finding import NamespaceScreen

if TYPE_CHECKING:
    from textual.app import App

    from engine.session.session import Session
    from tui.network.faces import NetworkFaces
    from tui.network.pane import NetworkPane
    from tui.network.topology import TopologyView
    from tui.terminal.deck import TerminalDeck
    from tui.words import Say


class NetworkActions:
    """Mixed into the main screen."""

    if TYPE_CHECKING:
        app: App[Any]
        view: str
        session: Session
        say: Say
        busy: str | None
        deck: TerminalDeck
        network: NetworkFaces

        def ask(self, work: Coroutine[Any, Any, Any]) -> None: ...
        def put(self, terminal: str, text: str) -> None: ...
        def has_class(self, *names: str) -> bool: ...
        def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool: ...
        def set_view(self, view: str) -> None: ...

    def action_face(self) -> None:
        """The drawing, the tables, or both; where none is seen, the one that was seen last."""
        if self.network.size.area:
            self.network.next_face()
        else:
            self.set_view("network" if self.has_class("-compact") else "all")

    def on_topology_view_look_wanted(self) -> None:
        """No event of the kernel tells of packets."""
        if self.session.lab is not None and not self.busy:
            self.ask(self.session.lab.refresh())

    def on_topology_view_command_wanted(self, message: TopologyView.CommandWanted) -> None:
        """Put the command at the prompt of the terminal in front; the learner presses Enter."""
        self.put(self.deck.front or "T1", message.command)

    # -- the state panes: each chosen by a letter, the namespace by comma, full stop and slash -------------------------

    def action_state_pane(self, name: str) -> None:
        """Show a state pane, wherever the keyboard is."""
        self._see_tables()
        self.network.tables.choose(name)

    def action_state_next(self, step: int) -> None:
        """The pane beside it."""
        self._see_tables()
        self.network.tables.choose_next(step)

    def action_state_step(self, step: int) -> None:
        """The next namespace, or the one before."""
        self._see_tables()
        self.network.tables.step_namespace(step)

    def action_state_namespace(self, name: str) -> None:
        """That namespace."""
        self._see_tables()
        self.network.tables.choose_namespace(name)

    def action_state_find(self) -> None:
        """Choose the namespace from a list, by typing a part of its name."""

        def chosen(name: str | None) -> None:
            if name is not None:
                self.action_state_namespace(name)

        names = self.network.tables.namespaces
        if names:
            self.app.push_screen(NamespaceScreen(names, self.network.tables.namespace, self.say), chosen)

    def action_state_command(self) -> None:
        """Put the command that prints the pane at the prompt."""
        command = self.network.tables.command
        if command is not None:
            self.put(self.deck.front or "T1", command)

    def _see_tables(self) -> None:
        if self.has_class("-compact") and self.view != "network":
            self.set_view("network")
            self.call_after_refresh(self.network.tables.focus)  # the lesson, where the letter came from, is not seen
        elif self.view in ("terminal", "lesson"):
            self.set_view("all")
        self.network.show_tables()

    def on_network_pane_chosen(self, message: NetworkPane.Chosen) -> None:
        """Packets are counted in silence: whoever turns to the counters sees what they are now."""
        if message.pane == "iptables" and self.session.lab is not None and not self.busy:
            self.ask(self.session.lab.refresh())
