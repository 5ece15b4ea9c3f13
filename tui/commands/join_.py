"""``nsteps join``: a seat in somebody's classroom, in one's own terminal and with one's own lab."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import sys
from typing import TYPE_CHECKING

import click

from engine.course.model import Course
from tui.commands import options
from tui.commands.learn_ import _check_terminal, _colours, _language, _write_down
from tui.commands.options import EXIT_NO_LAB, EXIT_NOT_PASSED, EXIT_USAGE, Context, Shared

if TYPE_CHECKING:
    from engine.classroom.protocol import Seated
    from engine.classroom.seat_file import KeptSeat, SeatFile
    from tui.classroom.entrance import Room
    from tui.classroom.joined import JoinedApp
    from tui.classroom.socket_link import SocketLink


@click.command(name="join", help=options._help("help.join"))
@click.argument("url", metavar="URL")
@click.option("--name", metavar="NAME", help=options._help("help.join-name"))
@click.option("--code", metavar="CODE", help=options._help("help.join-code"))
@click.option("--ca", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help=options._help("help.join-ca"))
@click.option("--plain-http", is_flag=True, help=options._help("help.join-plain-http"))
@options.lessons
@options.language
@click.pass_context
def command(
    context: click.Context,
    url: str,
    name: str | None,
    code: str | None,
    ca: str | None,
    plain_http: bool,
    lessons: str | None,
    lang: str | None,
) -> None:
    """See the module."""
    from engine.lab import warm_up
    from tui.classroom.entrance import room_at, tls_context

    here = Context.of(context, lessons, lang, False)
    shared = context.obj if isinstance(context.obj, Shared) else Shared()
    try:
        room = room_at(url)
    except ValueError:
        _refuse(here, "join.no-url", url=url)
    if not (room.encrypted or room.on_loopback or plain_http):
        _refuse(here, "join.plain-http", url=room.url)
    try:
        tls = tls_context(ca) if room.encrypted else None
    except (OSError, ssl.SSLError) as error:
        _refuse(here, "join.no-ca", file=ca, reason=error.strerror or str(error))
    course = here.course()
    _check_terminal(here)
    warm_up()
    joining = Joining(here, Shared(language=lang or shared.language, theme=shared.theme), room, course, tls)
    with contextlib.suppress(KeyboardInterrupt, click.Abort):
        sys.exit(joining.run(code, name))
    sys.exit(130)


def _refuse(here: Context, key: str, **params: object) -> None:
    click.echo(here.say(key, **params), err=True)
    sys.exit(EXIT_USAGE)


class Joining:
    """From a link to the end of the workshop."""

    def __init__(self, here: Context, shared: Shared, room: Room, course: Course, tls: ssl.SSLContext | None) -> None:
        from engine.classroom.seat_file import SeatFile

        self._here = here
        self._shared = shared
        self._room = room
        self._course = course
        self._tls = tls
        self._file: SeatFile = SeatFile(room.url)

    def run(self, code: str | None, name: str | None) -> int:
        """The exit code. Questions are asked outside of any loop, so that Ctrl-C ends them."""
        kept = self._file.load()
        another = name is not None and kept is not None and kept.name is not None and name != kept.name
        if kept is not None and not another:
            ended = asyncio.run(self._resume(kept))
            if ended is not None:
                return ended
        kept = self._join(code, name)
        return EXIT_NOT_PASSED if kept is None else asyncio.run(self._begin(kept))

    async def _resume(self, kept: KeptSeat) -> int | None:
        """At the seat there is, alone if need be; ``None`` if the room knows it no more."""
        from tui.classroom.socket_link import SocketLink, UnknownSeat, Unreachable

        link, seated = SocketLink(self._room.url, kept.secret, self._tls), None
        try:
            seated = await link.connect()
        except Unreachable as error:
            click.echo(self._say("alone", url=self._room.url, reason=str(error)), err=True)
        except UnknownSeat:
            await link.close()
            self._file.put_aside()
            return None
        return await self._sit(kept, link, seated)

    async def _begin(self, kept: KeptSeat) -> int:
        """At a new seat."""
        from tui.classroom.socket_link import SocketLink, UnknownSeat, Unreachable

        link = SocketLink(self._room.url, kept.secret, self._tls)
        try:
            seated = await link.connect()
        except (Unreachable, UnknownSeat) as error:
            await link.close()
            click.echo(self._say("unreachable", url=self._room.url, reason=str(error)), err=True)
            return EXIT_NOT_PASSED
        return await self._sit(kept, link, seated)

    def _join(self, code: str | None, name: str | None) -> KeptSeat | None:
        """A new seat; ``None`` if there is none, which has been said. A wrong code is asked for again."""
        from engine.classroom.seat_file import KeptSeat
        from tui.classroom.entrance import NoSeat, join

        given = code or self._room.code
        name = name if name is not None else self._ask("ask-name")
        while True:
            wanted = given or self._ask("ask-code")
            try:
                joined = asyncio.run(join(self._room.url, wanted, name, self._here.language, self._tls))
            except NoSeat as error:
                self._tell(error.reason, error.text)
                if error.reason == "code" and code is None:
                    given = None
                    continue
                return None
            kept = KeptSeat(url=self._room.url, seat=joined.seat, secret=joined.secret, name=joined.name)
            with contextlib.suppress(OSError):
                self._file.save(kept)
            return kept

    def _ask(self, key: str) -> str:
        return str(click.prompt(self._say(key), type=str)).strip()

    def _tell(self, reason: str, text: str) -> None:
        """Why there is no seat, and what to do."""
        key = reason if reason in ("code", "full", "slow", "closed", "unreachable", "strange") else "refused"
        click.echo(self._say(key, url=self._room.url, reason=text), err=True)

    def _say(self, key: str, **params: object) -> str:
        return self._here.say(f"join.{key}", **params)

    # -- the seat ------------------------------------------------------------------------------------------------

    async def _sit(self, kept: KeptSeat, link: SocketLink, seated: Seated | None) -> int:
        from engine.classroom.protocol import fingerprint
        from engine.classroom.seat_file import JoinedStore
        from engine.session.progress import Progress
        from tui.classroom.driver import shared_terminal
        from tui.classroom.joined import JoinedApp
        from tui.classroom.link import Seat, open_session
        from tui.settings import Preferences, SettingsFile

        if seated is not None:
            if seated.course and seated.course != fingerprint(self._course):
                await link.close()
                click.echo(self._say("another-course"), err=True)
                return EXIT_USAGE
            link.start_from(seated.number)
            if seated.number >= kept.number and seated.progress is not None:
                kept.progress = seated.progress
            kept.number = max(kept.number, seated.number)
            kept.name = seated.name
        preferences = Preferences(SettingsFile())
        store = JoinedStore(kept, self._file)
        store.acknowledged_number = seated.number if seated else 0
        language = (seated.language if seated else None) or _language(self._shared, preferences.settings, Progress())
        session = open_session(self._course, store, language, seated.first if seated else None)
        session.language = self._shared.language or session.language
        seat = Seat(session, store, link, name=kept.name, own_terminal=True)
        app = JoinedApp(
            seat,
            link,
            seated,
            driver=shared_terminal(link),
            preferences=preferences,
            colours=_colours(self._shared, preferences.settings, terminal=True),
        )
        await app.run_async()
        return self._part(app)

    def _part(self, app: JoinedApp) -> int:
        """What is said at the end."""
        from engine.messages import Message, render
        from tui.classroom.goodbye import goodbye

        language = app.session.language
        if app.failure is not None:
            click.echo(render(app.failure, language), err=True)
            click.echo(self._here.say("ask-doctor"), err=True)
            return EXIT_NO_LAB
        if app.crash is not None:
            crash = Message("tui.learn.crash", {"path": _write_down(app.crash)})
            click.echo(render(crash, language), err=True)
            return EXIT_NOT_PASSED
        if app.end == "moved":
            click.echo(self._say("moved"))
            return 0
        click.echo(goodbye(app.seat))
        if app.seat.state.closed or app.end == "unknown":
            click.echo(self._keep(app))
        else:
            click.echo(self._say("come-back", url=self._room.url))
        return 0

    def _keep(self, app: JoinedApp) -> str:
        """The room is closed, or the seat is no more: the progress becomes the learner's own, unless they have some
        already. Where a room is closed the seat is kept all the same: the same room may open again."""
        from engine.messages import Message, render
        from engine.session.progress import ProgressStore

        own = ProgressStore()
        language = app.session.language
        aside = self._file.put_aside() if app.end == "unknown" else None
        if not own.path(self._course).exists():
            with contextlib.suppress(OSError):
                own.save(self._course, app.session.progress)
                return render(Message("seat.goodbye.kept-here", {}), language)
        return render(Message("seat.goodbye.kept-aside", {"path": os.fspath(aside or self._file.path)}), language)
