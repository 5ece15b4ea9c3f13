"""Everything that strangers may try at the door, against the real hub. No seat is opened, so no lab is made."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from click.testing import CliRunner

from tests.classroom.hub.serving import CODE, Learner, Room, board, lasting, room
from tui.classroom.joining import Rates
from tui.classroom.seat_routes import MESSAGE_BYTES
from tui.cli import main

SEATS = 4
TLS = Path(__file__).parent / "tls"
"""A certificate for localhost that nobody trusts but these tests."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """One hub for all these tests: none of them fills it, and each learner has an address of its own."""
    with lasting(tmp_path_factory.mktemp("room") / "data") as here:
        yield here


@pytest.fixture
async def learner(here: Room) -> AsyncIterator[Learner]:
    async with Learner(here.origin) as learner:
        yield learner


async def test_the_join_page_speaks_both_languages_and_loads_nothing_from_outside(learner: Learner) -> None:
    status, page = await learner.get("/", **{"Accept-Language": "de, zh-TW;q=0.8"})
    assert status == 200
    assert 'lang="zh"' in page
    status, page = await learner.get("/?lang=en")
    assert 'lang="en"' in page
    assert 'lang="en"' in (await learner.get("/", **{"Accept-Language": "zh"}))[1]  # it was chosen, and is remembered
    assert "http://" not in page
    assert "https://" not in page
    for name in ("join.js", "join.css", "page.js", "page.css", "textual.js", "mono.ttf", "icon.svg"):
        async with learner.session.get(f"{learner.origin}/static/{name}") as answer:
            assert answer.status == 200, name
    assert (await learner.get("/static/..%2f..%2fpyproject.toml"))[0] == 404
    assert (await learner.get("/nothing"))[0] == 404


async def test_wrong_and_guessed_codes(here: Room, learner: Learner) -> None:
    for code in ("", "ABC235", "x" * 1000, CODE + "A"):
        status, told = await learner.join(code=code)
        assert status == 403
        assert "code" in told["text"]
    async with learner.session.post(f"{here.origin}/join", data=b"\xff{", headers={"Origin": here.origin}) as answer:
        assert answer.status == 403
    for number in range(Rates.GUESSES - 5):
        assert (await learner.join(code=f"AAAA{number:02}"))[0] == 403
    assert (await learner.join())[0] == 429  # the right one, from who has guessed too often
    async with learner.session.post(f"{here.origin}/api/join", json={"code": CODE}) as answer:
        assert answer.status == 429
        assert answer.headers["Retry-After"]


async def test_wrong_and_guessed_tokens(here: Room, learner: Learner) -> None:
    assert (await learner.join())[0] == 200
    async with Learner(here.origin) as stranger:
        for secret in ("", "x", "0" * 43, '"', "é" * 43):
            cookie = {"Cookie": f"nsteps-seat-{here.port}={secret}"}
            status, told = await stranger.ask(**cookie)
            assert (status, told["reason"]) == (409, "removed")
            assert 'id="join"' in (await stranger.get("/", **cookie))[1]
            assert (await stranger.get("/screen/x", **cookie, Origin=here.origin, Upgrade="websocket"))[0] == 403
        for path in ("/desk", "/desk?token=guessed", "/desk?token=" + "0" * 43, "/desk/ending/x"):
            assert (await stranger.get(path))[0] == 403
        for token in ("", "x", here.token[:-1], here.token + "x"):
            for path in ("/desk/room", "/api/seat"):
                headers = {"Authorization": f"Bearer {token}", "Origin": here.origin}
                with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                    await stranger.session.ws_connect(here.origin + path, headers=headers)
                assert refused.value.status == 401


async def test_another_seats_view_is_nobody_elses(here: Room, learner: Learner) -> None:
    assert (await learner.join())[0] == 200
    view = (await learner.ask())[1]["view"]
    async with Learner(here.origin) as mallory:
        assert (await mallory.join("Mallory"))[0] == 200
        page = await mallory.connect(view)
        async with asyncio.timeout(20):
            assert (await page.socket.receive()).type is aiohttp.WSMsgType.CLOSE  # and not a byte of a picture
        assert (await mallory.ending(page))["reason"] == "moved"
    assert (await learner.get(f"/ending/{view}"))[0] == 404  # the view of its own seat has not been used


async def test_the_link_to_the_board_lets_one_browser_in_once(here: Room, learner: Learner) -> None:
    assert await learner.enter(here.desk_link) == 200
    assert 'data-base="/desk"' in (await learner.get("/desk"))[1]
    assert 'id="join"' in (await learner.get("/"))[1]
    async with Learner(here.origin) as other:
        assert await other.enter(here.desk_link) == 403
        assert (await other.get("/desk"))[0] == 403


async def test_forged_origins_and_hosts(here: Room, learner: Learner) -> None:
    for origin in ("http://evil.example", "null", f"http://127.0.0.1:{here.port + 1}"):
        assert (await learner.join(Origin=origin))[0] == 403
        assert (await learner.ask(Origin=origin))[0] == 403
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await learner.session.ws_connect(
                f"{here.origin}/desk/room", headers={"Authorization": f"Bearer {here.token}", "Origin": origin}
            )
        assert refused.value.status == 403
    assert (await learner.get("/", Host="evil.example"))[0] == 403
    async with learner.session.post(f"{here.origin}/join", json={"code": CODE}) as answer:
        assert answer.status == 403  # it does not say where it comes from


async def test_a_flood_of_joins_takes_the_seats_there_are_and_no_names_keeps_none(tmp_path: Path) -> None:
    words = ("--seats", str(SEATS), "--no-names")
    async with room(tmp_path / "room", *words) as here, Learner(here.origin) as flood:
        assert "<div hidden>" in (await flood.get("/"))[1]

        async def join(number: int) -> int:
            try:
                async with flood.session.post(
                    f"{here.origin}/api/join", json={"code": CODE, "name": f"Lovelace {number}"}
                ) as answer:
                    return answer.status
            except aiohttp.ClientError:
                return 0

        statuses = await asyncio.gather(*(join(number) for number in range(300)))
        assert statuses.count(200) == SEATS
        assert set(statuses) == {200, 409, 429}
        assert (await flood.get("/alive"))[0] == 200
        async with board(here) as desk:
            await desk.hear()
            await desk.hear()
            assert [row.name for row in desk.now.rows] == [None] * SEATS
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "room").iterdir())
    assert b"Lovelace" not in b"".join(path.read_bytes() for path in (tmp_path / "room").iterdir())


async def test_a_name_with_markup_and_escape_sequences_is_text(here: Room, learner: Learner) -> None:
    status, _ = await learner.join("<script>alert(1)</script>\x1b[31m\x1b]0;x\x07\u202e\nAda\x00")
    assert status == 200
    async with board(here) as desk:
        await desk.hear()
        await desk.hear()
        row = max(desk.now.rows, key=lambda row: row.seat)
        assert row.name is not None
        assert not set(row.name) & set("\x1b\x07\x00\n\u202e")
        assert row.name.startswith("<script>alert(1)</script>")  # it is text, and every page shows it as such
        assert len(row.name) <= 40
    assert "<script>alert" not in (await learner.get("/"))[1]


async def test_what_is_too_large_is_refused(here: Room, learner: Learner) -> None:
    async with learner.session.post(
        f"{here.origin}/join", data="x" * 10_000, headers={"Origin": here.origin}
    ) as answer:
        assert answer.status == 413
    status, told = await learner.join()
    assert status == 200, told
    async with board(here) as desk:
        await desk.socket.send_str(json.dumps({"type": "say", "text": "x" * 4 * MESSAGE_BYTES}))
        async with asyncio.timeout(20):
            while (await desk.socket.receive()).type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                pass
    assert (await learner.get("/alive"))[0] == 200


def test_one_room_for_one_directory_and_for_one_port(here: Room, tmp_path: Path) -> None:
    for data, port, named in ((here.data, 0, str(here.data)), (tmp_path, here.port, str(here.port))):
        told = CliRunner().invoke(main, ["classroom", "--no-board", "--listen", str(port), "--data", str(data)])
        assert told.exit_code == 2, told.output
        assert named in told.output


def test_usage_errors(tmp_path: Path) -> None:
    for words in (
        ("--listen", "nowhere:port"),
        ("--from", "2.1", "--to", "1.1"),
        ("--public-url", "workshop"),
        ("--cert", "/dev/null"),
        ("--cert", "/dev/null", "--key", "/dev/null"),
    ):
        told = CliRunner().invoke(main, ["classroom", "--no-board", "--data", str(tmp_path), *words])
        assert told.exit_code == 2, told.output
        assert told.output


async def test_with_a_certificate_everything_is_encrypted(tmp_path: Path) -> None:
    words = ("--cert", str(TLS / "certificate.pem"), "--key", str(TLS / "key.pem"))
    trust = ssl.create_default_context(cafile=str(TLS / "certificate.pem"))
    async with room(tmp_path / "room", *words) as here:
        assert here.link.startswith("https://")
        async with Learner(here.origin) as learner:
            await learner.session.close()
            connector = aiohttp.TCPConnector(ssl=trust)
            learner.session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.CookieJar(unsafe=True))
            assert (await learner.join())[0] == 200
            assert all(cookie["secure"] and cookie["httponly"] for cookie in learner.session.cookie_jar)
            async with learner.session.get(f"{here.origin}/") as answer:
                assert f"wss://127.0.0.1:{here.port}" in answer.headers["Content-Security-Policy"]
        async with aiohttp.ClientSession() as plain:
            with pytest.raises(aiohttp.ClientError):
                await plain.get(here.origin.replace("https", "http"))
