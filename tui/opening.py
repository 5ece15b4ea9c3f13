"""The first paint: the program's frame alone, while lessons, words and the rest of the screen are being loaded."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.driver import Driver
from textual.screen import Screen
from textual.widget import Widget

from tui.app import NstepsApp, style_sheet
from tui.settings import Preferences

if TYPE_CHECKING:
    from engine.lab import Lab
    from engine.session.session import Session

FRAME = """
Curtain { background: $background; }
Curtain #name { width: auto; height: 1; background: $panel; color: $foreground; text-style: bold reverse; }
Curtain #top, Curtain #bottom { height: 1; background: $panel; }
Curtain #bottom { dock: bottom; }
"""


class Bar(Widget):
    """One line, with a word in it or none."""

    def __init__(self, word: str = "", *, id: str) -> None:
        super().__init__(id=id)
        self._word = word

    def render(self) -> str:
        return self._word


class Curtain(Screen[None]):
    """See the module."""

    CSS = FRAME
    AUTO_FOCUS: ClassVar[str] = ""

    def compose(self) -> ComposeResult:
        yield Bar(" nsteps ", id="name")
        yield Bar(id="bottom")


class Opened(NamedTuple):
    """What the application needs before it can show a lesson."""

    session: Session
    kept: bool
    """Whether its progress is written down."""
    tour: bool
    """Whether the parts of the screen are shown first."""


class OpeningApp(NstepsApp):
    """Paints at once; ``opener`` is called after that, in a thread, and gives what is to be shown."""

    def __init__(
        self, opener: Callable[[], Opened], *, driver: type[Driver] | None, preferences: Preferences, colours: str
    ) -> None:
        super().__init__(None, driver=driver, preferences=preferences, colours=colours)
        self._opener = opener
        self.opened = False
        """There is a session."""
        self.refusal: Exception | None = None
        """Why there is nothing to be shown."""

    def get_default_screen(self) -> Screen[None]:  # type: ignore[override]
        return Curtain()

    def on_ready(self) -> None:
        self.run_worker(self._open(), group="start")

    async def _open(self) -> None:
        from engine.lab import Lab, warm_up

        warm_up()
        lab = asyncio.ensure_future(Lab.start())  # made while the screen is
        try:
            opened = await asyncio.to_thread(self._opener)
        except BaseException as error:
            await _unwanted(lab)
            if not isinstance(error, Exception):
                raise
            self.refusal = error
            self.exit()
            return
        opened.session.expect(lab)
        self.use(opened.session, kept=opened.kept)
        self.tour, self.opened = opened.tour, True
        self.stylesheet.read(style_sheet())
        self.stylesheet.reparse()
        await self.push_screen(self.make_main())
        self.begin()


async def _unwanted(lab: asyncio.Future[Lab]) -> None:
    """End a lab that nobody will use."""
    from engine.lab import LabError

    with contextlib.suppress(LabError):
        await (await lab).close()
