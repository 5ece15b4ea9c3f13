"""A seat: one learner's place at the server. One page at a time looks at it, and while it does there is a process.

A page first asks for the seat (:meth:`Seat.grant`) and gets a view, a name for its connection; with that it connects
(:meth:`Seat.show`). When the connection ends, the process and its lab end; the next page begins a new one, which
resumes from the progress that the old one has kept.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import msgspec
from aiohttp import WSMsgType, web

from tui.web.packets import Focus, Meta, Resize
from tui.web.process import LEARNER, LearnerProcess

RELOAD_SECONDS = 1.0
"""A page that is being reloaded lets go of the seat within this time; a second one does not."""

SMALLEST, LARGEST = 1, 1000
"""Columns and rows that a page may ask for."""

ENDINGS_KEPT = 16


class Ending(msgspec.Struct, frozen=True):
    """Why a view has ended, and what its process said last.

    ``left`` (by the learner), ``failed``, ``moved`` (to another page), ``closed`` (with the server), or ``broken``: the
    process, or the connection, ended without a word.
    """

    reason: str
    text: str = ""


class Seat:
    """See the module. ``seating(columns, rows)`` makes what the next process, of ``module``, is started with."""

    def __init__(self, seating: Callable[[int, int], msgspec.Struct], module: str = LEARNER) -> None:
        self._seating = seating
        self._module = module
        self._view = ""
        self._shown = ""
        self._let_go = asyncio.Event()
        self._empty = asyncio.Event()
        self._dismissed = asyncio.Event()
        self._let_go.set()
        self._empty.set()
        self._asking = asyncio.Lock()
        self._endings: dict[str, Ending] = {}

    @property
    def taken(self) -> bool:
        """Whether a page is connected, or its process has not ended yet."""
        return not self._empty.is_set()

    async def grant(self, *, take: bool) -> str | None:
        """A view for the page that asks; None if another has the seat. ``take`` ends the other's."""
        async with self._asking:
            if take:
                self._dismiss("moved")
            else:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._let_go.wait(), RELOAD_SECONDS)
                if not self._let_go.is_set():
                    return None
            await self._empty.wait()
            self._view = secrets.token_urlsafe(16)
            return self._view

    def ending(self, view: str) -> Ending | None:
        """How that view ended; None if it has not, or never was."""
        return self._endings.get(view)

    async def close(self) -> None:
        """The server ends: so does whatever runs here."""
        self._view = ""
        self._dismiss("closed")
        await self._empty.wait()

    async def show(self, view: str, socket: web.WebSocketResponse, columns: int, rows: int) -> None:
        """Run a process for the page at the other end of ``socket`` until either ends; returns when both have."""
        if not view or view != self._view or self.taken:
            self._end(view, Ending("moved"))
            return
        self._view, self._shown = "", view
        self._let_go.clear()
        self._empty.clear()
        self._dismissed.clear()
        process = LearnerProcess(socket.send_bytes, _opener(socket), self._module)
        try:
            await process.start(self._seating(clamped(columns), clamped(rows)))
            tasks = {
                asyncio.create_task(listen(socket, process)),
                asyncio.create_task(self._note_the_end(view, process)),
                asyncio.create_task(self._dismissed.wait()),
            }
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            self._end(view, Ending("broken"))  # unless there was a reason: the connection has ended first
            self._let_go.set()
            await process.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        except OSError:
            self._end(view, Ending("broken"))
        finally:
            process.kill()
            self._let_go.set()
            self._empty.set()

    async def _note_the_end(self, view: str, process: LearnerProcess) -> None:
        last = await process.ended()
        if last is None:
            self._end(view, Ending("broken"))
        else:
            self._end(view, Ending("failed" if last.exit else "left", last.text))

    def _dismiss(self, reason: str) -> None:
        """End the view there is, if there is one, before anything else does."""
        if self.taken:
            self._end(self._shown, Ending(reason))
            self._dismissed.set()

    def _end(self, view: str, ending: Ending) -> None:
        """The first reason counts."""
        if view and view not in self._endings:
            self._endings[view] = ending
            while len(self._endings) > ENDINGS_KEPT:
                del self._endings[next(iter(self._endings))]


def clamped(number: int) -> int:
    """Columns or rows as they may be."""
    return max(SMALLEST, min(LARGEST, number))


def _opener(socket: web.WebSocketResponse) -> Callable[[str], Awaitable[None]]:
    async def open_url(url: str) -> None:
        await socket.send_json(["open_url", {"url": url, "new_tab": True}])

    return open_url


class Listener(Protocol):
    """Whoever a page speaks to."""

    async def type(self, text: str) -> None: ...

    async def tell(self, what: Meta) -> None: ...


async def listen(socket: web.WebSocketResponse, process: Listener) -> None:
    """What the page says, in the words of textual-serve's script, until it hangs up."""
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            continue
        try:
            kind, *rest = msgspec.json.decode(message.data, type=list[Any])
            match kind, rest:
                case "stdin", [str(text)]:
                    await process.type(text)
                case "resize", [{"width": int(columns), "height": int(rows)}]:
                    await process.tell(Resize(clamped(columns), clamped(rows)))
                case "focus", []:
                    await process.tell(Focus(True))
                case "blur", []:
                    await process.tell(Focus(False))
                case "ping", [str(text)]:
                    await socket.send_json(["pong", text])
                case _:
                    continue
        except (msgspec.MsgspecError, ValueError):
            continue  # not a word of that script
        except ConnectionError:
            return
