"""Tokens and the cookie."""

from __future__ import annotations

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from tui.web.admission import Admission


def asking(admission: Admission, cookie: str) -> bool:
    return admission.knows(make_mocked_request("GET", "/", headers={"Cookie": cookie}))


def test_a_token_is_redeemed_once() -> None:
    admission = Admission("seat")
    token = admission.new_token()
    secret = admission.redeem(token)
    assert secret is not None
    assert admission.redeem(token) is None
    assert asking(admission, f"seat={secret}")


def test_nothing_else_is_let_in() -> None:
    admission = Admission("seat")
    assert admission.redeem("") is None
    token = admission.new_token()
    assert admission.redeem(token + "x") is None
    assert admission.redeem("\udcff") is None
    secret = admission.redeem(token)
    for cookie in ("", "seat=", f"seat={token}", f"other={secret}", f"seat={secret}x", "seat=\u00e9"):
        assert not asking(admission, cookie), cookie


def test_a_new_token_voids_the_one_before_and_its_use_the_browser_before() -> None:
    admission = Admission("seat")
    first = admission.redeem(admission.new_token())
    unused = admission.new_token()
    token = admission.new_token()
    assert admission.redeem(unused) is None
    assert asking(admission, f"seat={first}")
    second = admission.redeem(token)
    assert not asking(admission, f"seat={first}")
    assert asking(admission, f"seat={second}")


def test_the_cookie_is_out_of_reach() -> None:
    response = web.Response()
    Admission("seat").give(response, "secret")
    cookie = response.cookies["seat"].OutputString()
    assert cookie.startswith("seat=secret;")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
