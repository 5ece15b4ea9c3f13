"""What the server lets through to its handlers, asked by a client that may lie."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from engine.messages import catalogue
from tests.web.serving import Visitor
from tui.web.learner import Seating
from tui.web.pages import static_files
from tui.web.server import Server

EVIL = "http://evil.example"


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """It starts no process: nothing here gets as far as a screen."""

    def seating(columns: int, rows: int) -> Seating:
        raise AssertionError("a screen was begun")

    server = Server(seating, lambda: "en")
    await server.start(0)
    yield server
    await server.close()


@pytest.fixture
async def stranger(server: Server) -> AsyncIterator[Visitor]:
    async with Visitor(f"http://127.0.0.1:{server.port}") as visitor:
        yield visitor


@pytest.fixture
async def learner(server: Server, stranger: Visitor) -> Visitor:
    """A browser with the cookie."""
    assert await stranger.enter(server.link()) == 200
    return stranger


def said(key: str) -> str:
    """The beginning of a refusal, as it stands in the page."""
    return catalogue("en")[f"web.refused.{key}"].split("{")[0].split("'")[0].split(":")[0]


async def test_a_link_lets_one_browser_in(server: Server, stranger: Visitor) -> None:
    status, text = await stranger.get("/")
    assert status == 403
    assert said("stranger") in text
    link = server.link()
    assert await stranger.enter(link) == 200
    status, text = await stranger.get("/")
    assert status == 200
    assert 'id="terminal"' in text
    async with Visitor(stranger.origin) as second:
        status, text = await second.get(link.removeprefix(stranger.origin))
        assert status == 403
        assert said("spent") in text
        assert not second.session.cookie_jar.filter_cookies(stranger.origin)  # type: ignore[arg-type]


async def test_looking_at_a_link_does_not_spend_it(server: Server, stranger: Visitor) -> None:
    link = server.link()
    async with stranger.session.head(link) as answer:
        assert answer.status == 404
    async with stranger.session.post(link, headers={"Origin": stranger.origin}) as answer:
        assert answer.status == 404
    assert (await stranger.get(link.removeprefix(stranger.origin), Host="evil.example"))[0] == 403
    assert await stranger.enter(link) == 200


async def test_the_entrance_does_not_ask_for_the_cookie_across_sites(server: Server, stranger: Visitor) -> None:
    """A redirect after a click in another site would be sent without a strict cookie: the page goes on by itself."""
    async with stranger.session.get(server.link(), allow_redirects=False) as answer:
        assert answer.status == 200
        assert '<meta http-equiv="refresh" content="0; url=/">' in await answer.text()
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie


async def test_without_the_cookie_there_is_no_seat(server: Server, stranger: Visitor) -> None:
    assert (await stranger.ask())[0] == 403
    assert (await stranger.ask(take=True, Cookie=f"nsteps-{server.port}=guess"))[0] == 403
    assert (await stranger.get("/ending/x"))[0] == 403
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await stranger.connect("x")
    assert refused.value.status == 403


async def test_the_host_must_be_this_server(learner: Visitor, server: Server) -> None:
    port = server.port
    for name in ("127.0.0.1", "localhost", "LocalHost", "[::1]"):
        assert (await learner.get("/", Host=f"{name}:{port}"))[0] == 200, name
    for host in (
        "evil.example",
        f"evil.example:{port}",
        "localhost",
        "127.0.0.1:1",
        f"127.0.0.1.evil.example:{port}",
        "",
    ):
        for path in ("/", "/static/page.js", "/nothing"):
            status, text = await learner.get(path, Host=host)
            assert status in (400, 403), (host, path)  # 400: not even HTTP
            assert status == 400 or said("host") in text
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await learner.session.ws_connect(
            f"{learner.origin}/screen/x", headers={"Host": "evil.example", "Origin": "http://evil.example"}
        )
    assert refused.value.status == 403


async def test_two_hosts_are_none(learner: Visitor, server: Server) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nHost: evil.example\r\n\r\n".encode())
    status = await asyncio.wait_for(reader.readline(), 30)
    assert status.split()[1] in (b"400", b"403")
    writer.close()


@pytest.mark.parametrize("origin", [EVIL, "null", "https://127.0.0.1", "http://127.0.0.1", "http://localhost:1", ""])
async def test_the_origin_must_be_the_same(learner: Visitor, origin: str) -> None:
    assert (await learner.ask(Origin=origin))[0] == 403
    assert (await learner.get("/", Origin=origin))[0] == 403
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await learner.session.ws_connect(f"{learner.origin}/screen/x", headers={"Origin": origin})
    assert refused.value.status == 403


async def test_the_origin_is_the_host_that_was_asked(learner: Visitor, server: Server) -> None:
    local = f"localhost:{server.port}"
    assert (await learner.ask(Origin=f"http://{local}", Host=f"127.0.0.1:{server.port}"))[0] == 403
    assert (await learner.ask(Origin=f"http://{local}", Host=local))[0] == 200


async def test_who_acts_must_say_from_where(learner: Visitor) -> None:
    async with learner.session.post(f"{learner.origin}/seat", data="{}") as answer:
        assert answer.status == 403
        assert said("origin") in await answer.text()
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await learner.session.ws_connect(f"{learner.origin}/screen/x")
    assert refused.value.status == 403


async def test_nonsense_is_answered(learner: Visitor) -> None:
    sent = {"Origin": learner.origin}
    for body, status in ((b"", 400), (b"[]", 400), (b"\xff", 400), (b'{"take": 1}', 400), (b"x" * 5000, 413)):
        async with learner.session.post(f"{learner.origin}/seat", data=body, headers=sent) as answer:
            assert answer.status == status, body
    for path in (
        "/nothing",
        "/static/",
        "/static/nothing",
        "/static/..%2fpage.html",
        "/static/%2e%2e/page.html",
        "/ending/x",
    ):
        assert (await learner.get(path))[0] == 404, path
    async with learner.session.get(f"{learner.origin}/screen/x", headers=sent) as answer:
        assert answer.status == 404


async def test_a_view_that_was_not_granted_shows_nothing(learner: Visitor) -> None:
    page = await learner.connect("guess")
    await page.closed()
    granted = (await learner.ask())[1]["view"]
    latest = (await learner.ask())[1]["view"]
    assert granted != latest
    page = await learner.connect(granted)
    await page.closed()
    assert (await learner.ending(page))["reason"] == "moved"


async def test_every_answer_forbids_what_it_can(learner: Visitor) -> None:
    paths = ["/", "/nothing", "/ending/x", *(f"/static/{name}" for name in static_files())]
    for path, headers in [*((path, {}) for path in paths), ("/", {"Host": "evil.example"}), ("/", {"Origin": EVIL})]:
        async with learner.session.get(learner.origin + path, headers=headers) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self';" in policy
            assert "frame-ancestors 'none'" in policy
            assert "evil" not in str(answer.headers)
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert answer.headers["Server"] == "nsteps"
            assert "Access-Control-Allow-Origin" not in answer.headers
