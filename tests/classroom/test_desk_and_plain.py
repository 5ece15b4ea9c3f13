"""What the board and the hub say to each other; text from strangers."""

from __future__ import annotations

import msgspec
import pytest

from engine.classroom import bounds, desk, protocol
from engine.classroom.plain import LONGEST_NAME, plain_name, plain_text, plain_words
from engine.classroom.protocol import Failing, ProtocolError, StandingTold, StepEnded
from engine.messages import Message


@pytest.mark.parametrize(
    "request_",
    [
        desk.SayTo(to=desk.Target(cause="abc"), text="小心"),
        desk.TakeTo(to=desk.Target(everyone=True), step="veth/one"),
        desk.SetGate(last=None),
        desk.StopDemo(),
        desk.EndRoom(),
    ],
)
def test_requests_travel(request_: desk.Request) -> None:
    assert desk.request(desk.encode(request_)) == request_


def test_answers_travel() -> None:
    told = desk.BoardTold(board=desk.Board(at=1.0, rows=(desk.Row(seat=1, name="<b>", connected=True),)))
    assert desk.answer(desk.encode(told)) == told


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"type":"end"}', '{"type":"watch"}', "[" * 100_000])
def test_what_is_no_message_is_refused(text: str) -> None:
    for read in (desk.request, desk.answer, lambda one: protocol.fact(one.encode())):
        with pytest.raises(ProtocolError):
            read(text)


def test_frames_travel() -> None:
    assert desk.framed(desk.frame(70_000, b"\x1b[1m")) == (70_000, b"\x1b[1m")
    assert desk.framed(desk.frame(desk.DEMO, b"")) == (desk.DEMO, b"")
    with pytest.raises(ProtocolError):
        desk.framed(b"\0\0\0")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  Ada \n Lovelace\t", "Ada Lovelace"),
        ("小明", "小明"),
        ("[bold]x[/] <b>&amp;", "[bold]x[/] <b>&amp;"),
        ("a\x1b[31mb\x07\x9b2Jc\x00", "a[31mb2Jc"),
        ("abc\u202egnp.exe\u2066\u200f", "abcgnp.exe"),
        ("a\u2028b\u2029c\u0085d", "a b c d"),
        ("Z" + "\u0335" * 50 + "algo", "Z" + "\u0335" * 3 + "algo"),
        ("\U000e0041\ue000\ufeff", ""),
        ("👩\u200d💻 é", "👩\u200d💻 é"),
        ("e\u0301", "é"),
        ("\ud800x", "x"),
    ],
)
def test_a_name_is_text_on_one_line(given: str, shown: str) -> None:
    assert plain_name(given) == shown


def test_what_is_long_is_cut() -> None:
    assert plain_name("x" * 1_000_000) == "x" * (LONGEST_NAME - 1) + "…"
    assert plain_text("ab " * 10, 8) == "ab ab a…"
    assert plain_text("y" * 8, 8) == "y" * 8


@pytest.mark.parametrize(
    "message",
    [
        Message("no.such.key"),
        Message("verify.link.hint-down"),
        Message("verify.place.namespace", {"namespace": {"key": "verify.nothing", "params": {}}}),
    ],
)
def test_what_cannot_be_said_is_left_out(message: Message) -> None:
    assert plain_words(message, "en") == "" == plain_words(message, "zh")


@pytest.mark.parametrize("inner", [{"key": 3, "params": {}}, {"key": "x", "params": 4}, {"en": 1, "zh": []}])
def test_a_message_within_a_message_must_be_one(inner: dict[str, object]) -> None:
    hint = {"key": "verify.place.namespace", "params": {"namespace": inner}}
    fact = {"type": "standing", "step": "s", "state": "todo", "percent": 0, "step_seconds": 0.0}
    with pytest.raises(ProtocolError):
        protocol.fact(msgspec.json.encode(fact | {"failing": [{"check": "c", "hint": hint}]}))


def test_a_reason_is_text_on_one_line() -> None:
    hostile = Message("verify.place.namespace", {"namespace": "[b]x\x1b[2J\n`" + "y" * 9999})
    assert plain_words(hostile, "en").startswith("in [b]x[2J yyy") and len(plain_words(hostile, "en")) <= 300


def test_what_a_seat_tells_is_kept_within_bounds() -> None:
    huge = Message("verify.place.host", {"x": "y" * 100_000})
    failing = tuple(Failing(check="c" * 999, diagnosis="d\x1b", hint=huge) for _ in range(99))
    told = StandingTold(
        step="s", state="todo", percent=10**9, step_seconds=1e300, tried=-4, failing=failing, columns=10**9, rows=-1
    )
    kept = bounds.standing(told)
    assert (kept.percent, kept.tried, kept.rows) == (100, 0, 0) and kept.columns < 1000
    assert kept.step_seconds < 1e9
    assert len(kept.failing) < 20 and kept.failing[0].hint is None and len(protocol.encode(kept)) < 8000
    assert bounds.screen_size(10**9, 0) == (400, 5)
    ended = StepEnded(step="s", state="done", seconds=-1.0, hints=10**12, tries=-1)
    assert bounds.step_ended(ended) == StepEnded(step="s", state="done", seconds=0.0, hints=9999, tries=0)
