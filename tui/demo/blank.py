"""An empty screen for when the room should look at the instructor. Any key ends it."""

from __future__ import annotations

from textual import events
from textual.screen import ModalScreen


class BlankScreen(ModalScreen[None]):
    """Nothing at all."""

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.dismiss(None)

    def on_click(self) -> None:
        self.dismiss(None)
