"""The way into a room: links as people type them, codes, refusals, certificates."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest
from aiohttp import web

from tests.tui.classroom.rooms import CODE, SECRET, room
from tui.classroom.entrance import Joined, NoSeat, Room, join, room_at, tls_context


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("http://127.0.0.1:8422", Room("http://127.0.0.1:8422", None, False, True)),
        ("http://127.0.0.1:8422/#K7M2QX", Room("http://127.0.0.1:8422", "K7M2QX", False, True)),
        ("localhost:8422", Room("http://localhost:8422", None, False, True)),
        ("http://[::1]:8422/", Room("http://[::1]:8422", None, False, True)),
        ("https://room.example", Room("https://room.example", None, True, False)),
        ("room.example:8422#ABC", Room("https://room.example:8422", "ABC", True, False)),
        (" http://192.0.2.7:8422/nsteps/ ", Room("http://192.0.2.7:8422/nsteps", None, False, False)),
    ],
)
def test_links(typed: str, meant: Room) -> None:
    assert room_at(typed) == meant


@pytest.mark.parametrize("typed", ["", "ftp://x", "https://", "http://user@host", "http://host:port", "file:///etc"])
def test_no_links(typed: str) -> None:
    with pytest.raises(ValueError):
        room_at(typed)


async def test_a_seat_for_a_code_and_a_name() -> None:
    async with room() as there:
        assert await join(there.url, CODE, "网 <b>", "zh", None) == Joined(1, SECRET, "网 <b>")
        assert there.wanted == [{"code": CODE, "name": "网 <b>"}]


async def test_refusals_have_a_reason_and_plain_words() -> None:
    async with room() as there:
        with pytest.raises(NoSeat) as refused:
            await join(there.url, "WRONG", "Ann", "en", None)
        assert refused.value.reason == "code"
        for answer, reason, text in (
            (web.json_response({"reason": "full", "text": "\x1b[31mfull\n"}, status=409), "full", "[31mfull"),
            (web.json_response({}, status=429), "strange", "HTTP 429"),
            (web.Response(text="<html>a router's page</html>"), "strange", "HTTP 200"),
            (web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}), "strange", "HTTP 302"),
        ):
            there.refusal = answer
            with pytest.raises(NoSeat) as refused:
                await join(there.url, CODE, "Ann", "en", None)
            assert (refused.value.reason, refused.value.text) == (reason, text)


async def test_nobody_there() -> None:
    async with room() as there:
        url = there.url
    with pytest.raises(NoSeat) as refused:
        await join(url, CODE, "Ann", "en", None)
    assert refused.value.reason == "unreachable"
    assert refused.value.text


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of this machine's loopback, signed by itself."""
    path = tmp_path / "hub.pem"
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=hub"
    subprocess.run(
        [*words.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path.with_suffix(".key"), "-out", path],
        check=True,
        capture_output=True,
    )
    return path


async def test_a_certificate_is_verified(certificate: Path) -> None:
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate, certificate.with_suffix(".key"))
    async with room(served) as there:
        with pytest.raises(NoSeat) as refused:
            await join(there.url, CODE, "Ann", "en", tls_context(None))
        assert refused.value.reason == "unreachable"
        assert "certificate" in refused.value.text.lower()
        assert await join(there.url, CODE, "Ann", "en", tls_context(str(certificate))) == Joined(1, SECRET, "Ann")
