"""``nsteps classroom``: a room of learners with browsers, and the instructor's board."""

from __future__ import annotations

import asyncio
import ipaddress
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
from msgspec.structs import replace

from engine.language import detect_language
from engine.messages import Message, render
from tui.commands import options
from tui.commands.completing import complete_step
from tui.commands.options import Context, Shared

if TYPE_CHECKING:
    from tui.classroom.opening import Opening

SUBCOMMANDS = ("report", "forget")
PORT = 8422
SEATS = 30


def _help(key: str) -> str:
    return render(Message(f"classroom.option.{key}", {}), detect_language())


class _Group(click.Group):
    """Loads its commands when they are used."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in SUBCOMMANDS:
            return None
        from importlib import import_module

        found: click.Command = getattr(import_module("tui.commands.classroom_report_"), name)
        return found


class Listen(click.ParamType[tuple[str, int]]):
    """``ADDRESS:PORT``, ``[ADDRESS]:PORT`` for IPv6, an address, or a port."""

    name = "listen"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> tuple[str, int]:
        if isinstance(value, tuple):
            return value
        text = str(value)
        host, _, port = text.rpartition(":") if not text.endswith("]") else (text, "", "")
        if text.isdecimal():
            host, port = "127.0.0.1", text
        elif ":" not in text:
            host, port = text, ""
        host = host.strip("[]")
        if not host or (port and (not port.isdecimal() or int(port) > 65535)):
            self.fail(_say("listen-form"), param, context)
        return host, int(port) if port else PORT


def _say(key: str, **params: object) -> str:
    return render(Message(f"classroom.run.{key}", params), detect_language())


@click.command(name="classroom", cls=_Group, invoke_without_command=True, help=_help("classroom"))
@click.option(
    "--seats", type=click.IntRange(1, 1000), default=SEATS, show_default=True, metavar="N", help=_help("seats")
)
@click.option("--listen", type=Listen(), default=f"127.0.0.1:{PORT}", metavar="ADDRESS:PORT", help=_help("listen"))
@click.option("--from", "first", metavar="STEP", shell_complete=complete_step, help=_help("from"))
@click.option("--to", "last", metavar="STEP", shell_complete=complete_step, help=_help("to"))
@click.option("--no-board", is_flag=True, help=_help("no-board"))
@click.option("--no-names", is_flag=True, help=_help("no-names"))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help=_help("data"))
@click.option("--code", metavar="CODE", help=_help("code"))
@click.option("--cert", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=_help("cert"))
@click.option("--key", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=_help("key"))
@click.option("--public-url", metavar="URL", help=_help("public-url"))
@click.option("--trust-proxy", "proxies", multiple=True, metavar="ADDRESS", help=_help("trust-proxy"))
@click.option("--grace", type=click.FloatRange(0), default=300.0, metavar="SECONDS", help=_help("grace"))
@click.option("--idle", type=click.FloatRange(1), default=60.0, metavar="MINUTES", help=_help("idle"))
@options.lessons
@options.language
@click.pass_context
def command(context: click.Context, /, **words: Any) -> None:
    """See the module."""
    if context.invoked_subcommand is not None:
        given = context.obj if isinstance(context.obj, Shared) else Shared()
        lessons, language = words["lessons"] or given.lessons, words["lang"] or given.language
        context.obj = replace(given, lessons=lessons, language=language)
        return
    here = Context.of(context, words["lessons"], words["lang"], False)
    shared = context.obj if isinstance(context.obj, Shared) else Shared()
    opening = _opening(here, words, words["lang"] or shared.language)
    from tui.classroom.opening import Busy, Failure, serve
    from tui.classroom.until import is_terminal

    try:
        asyncio.run(serve(opening))
    except Busy as error:
        if not opening.board or not is_terminal():
            click.echo(here.tell(error.message), err=True)
            sys.exit(error.code)
        sys.exit(_board_again(opening))
    except Failure as error:
        click.echo(here.tell(error.message), err=True)
        sys.exit(error.code)
    except KeyboardInterrupt:
        sys.exit(130)


def _board_again(opening: Opening) -> int:
    """The board of the room that is open already: of a hub that has outlived its terminal, or has another."""
    import msgspec

    from tui.classroom.board.run import EXIT_CRASHED, EXIT_LEFT, run_board
    from tui.classroom.data import desk_file, read_desk

    try:
        address = read_desk(desk_file(opening.directory))
    except (OSError, msgspec.MsgspecError):  # it begins or ends just now
        opening.say("busy-now", where=str(opening.directory))
        return options.EXIT_NOT_PASSED
    code = run_board(address)
    opening.say({EXIT_LEFT: "board-left-again", EXIT_CRASHED: "board-failed"}.get(code, "ending"))
    return options.EXIT_NOT_PASSED if code == EXIT_CRASHED else 0


def _opening(here: Context, words: dict[str, Any], language: str | None) -> Opening:
    """The words, checked. Ends the program with a sentence and exit code 2."""
    from tui.classroom.addresses import Addresses
    from tui.classroom.data import default_directory
    from tui.classroom.hub import Limits
    from tui.classroom.opening import Opening

    course = here.course()
    first, last = (here.step(course, words[name]) if words[name] else None for name in ("first", "last"))
    if first and last and course.steps.index(last) < course.steps.index(first):
        raise click.UsageError(_say("backwards"))
    try:
        proxies = tuple(str(ipaddress.ip_network(one, strict=False)) for one in words["proxies"])
    except ValueError as error:
        raise click.UsageError(_say("proxy-form", reason=str(error))) from error
    host, port = words["listen"]
    url, certificate = words["public_url"], (words["cert"], words["key"])
    if url is not None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
            raise click.UsageError(_say("public-form"))
    if any(certificate) != all(certificate):
        raise click.UsageError(_say("both-files"))
    return Opening(
        language=here.language,
        course=course,
        lessons=str(here.lessons.absolute()) if here.lessons else None,
        room_language=language,
        addresses=Addresses(host=host, port=port, tls=all(certificate), public_url=url, proxies=proxies),
        limits=Limits(grace_seconds=words["grace"], idle_seconds=words["idle"] * 60),
        seats=words["seats"],
        first=first.id if first else None,
        last=last.id if last else None,
        no_names=words["no_names"],
        board=not words["no_board"],
        directory=words["data"] or default_directory(),
        code=words["code"],
        certificate=certificate if all(certificate) else None,
    )
