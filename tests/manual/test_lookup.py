"""In a real lab: the page if there is one, what bash says of its own words, what a program prints when asked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.lab import Lab
from engine.manual import lookup
from engine.manual.lookup import look_up
from engine.manual.page import find
from engine.manual.subject import Subject, subject

pytestmark = pytest.mark.lab

MANUALS = shutil.which("man") and list(Path("/usr/share/man/man8").glob("ip-netns.8*"))


def about(words: str) -> Subject:
    found = subject(words.split())
    assert found is not None
    return found


async def test_what_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    async with await Lab.start() as lab:

        async def get(words: str, *, short: bool = False) -> tuple[str, str, list[str]] | None:
            page = await look_up(lab, about(words), width=72, language="zh", short=short)
            return (page.source, page.title, page.texts) if page else None

        found = await get("ip link set lo up", short=True)
        assert found is not None and found[:2] == ("help", "ip link help")
        assert find(found[2], ("ip link set",)) is not None
        for words in ("ping", "ss", "curl", "iptables", "python3 -m http.server", "sysctl", "dig", "tee"):
            found = await get(words, short=True)
            assert found is not None and found[0] == "help", words
            assert len(found[2]) > 5, words
        found = await get("cd")
        assert found is not None and found[:2] == ("builtin", "help cd")
        assert (await get("for") or [""])[0] == "builtin"
        assert await get("nonsense") is None

        page = await get("ip netns list")
        assert page is not None
        if MANUALS:
            assert page[:2] == ("man", "ip-netns")
            assert find(page[2], ("ip netns list",)) is not None
            assert max(len(line) for line in page[2]) <= 72
            typed = await lab.run("man -P cat ip-netns", timeout_seconds=20)
            assert (typed.exit, "NAME" in typed.output) == (0, True), "a learner may type it, too"
        else:
            assert page[:2] == ("help", "ip netns help")

        (before,) = (await lab.refresh()).namespace("host").links[:1]  # type: ignore[union-attr]
        monkeypatch.setattr(lookup, "LIMIT_SECONDS", 0.2)
        with pytest.raises(TimeoutError):
            await look_up(
                lab, Subject(program="sleep", pages=(), help=("sleep", "60")), width=72, language="en", short=True
            )
        assert (await lab.refresh()).namespace("host").links[:1] == (before,)  # type: ignore[union-attr]
