"""The tutorial at a seat: the same application, which also does what the hub orders."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, ClassVar

from textual import events as textual_events
from textual.binding import BindingType
from textual.driver import Driver
from textual.message import Message

from engine.assets import assets_directory
from engine.classroom import protocol
from engine.classroom.protocol import HELPER, MIRROR, ORDER, Order
from tui.app import NstepsApp
from tui.classroom.link import Seat
from tui.classroom.overlays import FreezeScreen, MirrorScreen, Overlay
from tui.classroom.seat_screen import SeatScreen

WAYS_OUT = frozenset({"f10"})
"""Keys that work while the room is frozen, in the learner's own terminal."""


class Received(Message):
    """A packet of the hub's."""

    def __init__(self, kind: bytes, payload: bytes) -> None:
        super().__init__()
        self.kind = kind
        self.payload = payload


class SeatApp(NstepsApp):
    """See the module. ``driver`` is one of :mod:`tui.classroom.driver`; without one nobody else sees the screen."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, seat: Seat, *, driver: type[Driver] | None = None, **more: Any) -> None:
        super().__init__(seat.session, driver=driver, **more)
        self.css_path = [*self.css_path, assets_directory() / "styles" / "classroom.tcss"]
        self.seat = seat
        self.has_lab = asyncio.Event()
        """The session's first lab is there."""
        self._freeze: FreezeScreen | None = None
        self._mirror: MirrorScreen | None = None
        seat.state.changed = self._changed

    def get_default_screen(self) -> SeatScreen:
        self.main = self.seat_screen = SeatScreen(self.seat)
        return self.seat_screen

    def on_mount(self) -> None:
        self.seat.reporter.start()
        self._changed()

    async def _start(self) -> None:
        await super()._start()
        if self.session.lab is not None:
            self.has_lab.set()

    def on_resize(self, event: textual_events.Resize) -> None:
        self.seat.reporter.looked_at(*event.size)

    async def end_session(self) -> None:
        """Everything is told before the session ends; its last progress follows."""
        if not self._session_closed:
            self.seat.reporter.close()
        await super().end_session()

    # -- what the hub says -----------------------------------------------------------------------------------------

    def receive(self, kind: bytes, payload: bytes) -> None:
        """A packet that is not typed at the page; from any thread."""
        self.post_message(Received(kind, payload))

    def on_received(self, message: Received) -> None:
        if message.kind == ORDER:
            with contextlib.suppress(protocol.ProtocolError):
                self.obey(protocol.order(message.payload))
        elif message.kind == MIRROR and self._mirror is not None:
            self._mirror.feed(message.payload)
        elif message.kind == HELPER and self.seat.state.help == "given" and not self.seat.state.frozen:
            helper: Any = getattr(self._driver, "helper", None)
            if helper is not None:
                helper.type(message.payload.decode("utf-8", "replace"))

    def obey(self, order: Order) -> None:
        """The one place where orders become what happens."""
        seat, driver = self.seat, self._driver
        picture: Any = getattr(driver, "picture", None)
        match order:
            case protocol.Seated(number=number):
                seat.store.count_from(number)
                seat.acknowledged(number)
                seat.reporter.again()
            case protocol.Acknowledged(number=number):
                seat.acknowledged(number)
            case protocol.Gate(last=last):
                seat.gate(last)
            case protocol.Take(step=step):
                self._with_lab(self.seat_screen.take(step))
            case protocol.PushHint():
                self.seat_screen.pushed_hint()
            case protocol.WantNetwork():
                seat.reporter.network()
            case protocol.Attached(columns=columns, rows=rows):
                attach: Any = getattr(driver, "attach", None)
                if attach is not None:
                    attach(columns, rows)
            case protocol.Detached():
                if picture is not None:
                    picture.page(False)
            case _:
                if isinstance(order, protocol.Watched) and picture is not None:
                    picture.watched(order.watchers)
                seat.state.heed(order)

    def _with_lab(self, work: Coroutine[Any, Any, None]) -> None:
        """Once there is one."""

        async def then() -> None:
            await self.has_lab.wait()
            await work

        self.seat_screen.ask(then())

    def _changed(self) -> None:
        """The state of the classroom is another one: put on or take off what covers the screen."""
        if not self.is_running or not self._screen_stack:
            return
        state = self.seat.state
        if state.closed:
            self.run_worker(self.action_quit(), name="end")
            return
        self._mirror = self._covered(self._mirror, state.mirror is not None, lambda: MirrorScreen(self.seat))
        if self._mirror is not None and state.mirror is not None:
            self._mirror.resize_to(state.mirror.columns, state.mirror.rows)
        self._freeze = self._covered(self._freeze, state.frozen, lambda: FreezeScreen(self.seat))
        if self._freeze is not None:
            self._freeze.show()
        self.seat_screen.show_classroom()

    def _covered(self, overlay: Any, wanted: bool, make: Any) -> Any:
        if wanted and overlay is None:
            overlay = make()
            self.push_screen(overlay)
        elif not wanted and isinstance(overlay, Overlay):
            overlay.take_off()
            overlay = None
        return overlay

    # -- the keyboard ----------------------------------------------------------------------------------------------

    async def on_event(self, event: textual_events.Event) -> None:
        """While the room is frozen the keyboard and the mouse do nothing."""
        if self.seat.state.frozen and isinstance(event, textual_events.InputEvent | textual_events.Paste):
            leaves = isinstance(event, textual_events.Key) and event.key in WAYS_OUT
            if not (leaves and self.seat.own_terminal):
                return
        await super().on_event(event)
