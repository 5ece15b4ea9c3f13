"""From the bytes of a real terminal through Textual's reader to the bytes that the shell gets: the same ones."""

from __future__ import annotations

import string

import pytest
from textual import events
from textual._xterm_parser import XTermParser

from tui.terminal import input as terminal_input
from tui.terminal import keys

terminal_input.install()


def typed(data: str, *, application_cursor: bool = False) -> bytes:
    """What a shell gets when ``data`` arrives from the terminal outside."""
    parser = XTermParser()
    result = b""
    for event in [*parser.feed(data), *parser.feed("")]:
        if isinstance(event, events.Key):
            result += keys.encode(event.key, event.character, application_cursor=application_cursor) or b""
        elif isinstance(event, events.Paste):
            result += keys.paste(event.text, bracketed=True)
    return result


CONTROLS = [chr(code) for code in range(1, 32) if code not in (27,)]
CURSOR = [f"\x1b[{final}" for final in "ABCDHF"]
MODIFIED = [f"\x1b[1;{modifier}{final}" for modifier in (2, 3, 5, 6) for final in "ABCDHF"]
FUNCTION = ["\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", *(f"\x1b[{number}~" for number in (15, 17, 18, 19, 20, 21, 23, 24))]
SHIFTED = ["\x1b[1;2P", "\x1b[1;2Q", "\x1b[1;2S", *(f"\x1b[{number};2~" for number in (15, 17, 18, 19, 20, 21, 23, 24))]
EDITING = ["\x1b[2~", "\x1b[3~", "\x1b[5~", "\x1b[6~", "\x1b[3;5~", "\x1b[Z"]
ALT = [f"\x1b{one}" for one in string.ascii_lowercase + string.digits + ".,/;'<>?:-_=+|\\!@#$%&*(){}~`\x7f\r"]
ALT_UPPER = [f"\x1b{one}" for one in string.ascii_uppercase if one not in "OPX"]


@pytest.mark.parametrize(
    "data", [*CONTROLS, *CURSOR, *MODIFIED, *FUNCTION, *SHIFTED, *EDITING, *ALT, *ALT_UPPER], ids=ascii
)
def test_a_key_comes_through_as_it_was_sent(data: str) -> None:
    assert typed(data) == data.encode()


@pytest.mark.parametrize("text", [string.printable[:95], "你好，世界", "é ß ñ", "👍", "\x7f"])
def test_text_comes_through(text: str) -> None:
    assert typed(text) == text.encode()


def test_ctrl_space_is_nul() -> None:
    assert typed("\x00") == b"\x00"


@pytest.mark.parametrize(
    ("data", "key"),
    [("\x1b[1;2P", "shift+f1"), ("\x1b[1;2R", "shift+f3"), ("\x1b[20;2~", "shift+f9"), ("\x1b[20~", "f9")],
)
def test_shift_with_a_function_key_has_the_name_that_bindings_use(data: str, key: str) -> None:
    assert [event.key for event in XTermParser().feed(data) if isinstance(event, events.Key)] == [key]


def test_escape_alone_and_then_a_colon() -> None:
    parser = XTermParser()
    assert [event.key for event in parser.feed("\x1b") if isinstance(event, events.Key)] == []
    assert typed("\x1b:") == b"\x1b:"  # Vim tells Alt-: and Esc : apart by time as well


def test_cursor_keys_as_the_program_asked() -> None:
    assert typed("\x1b[A", application_cursor=True) == b"\x1bOA"
    assert typed("\x1bOA", application_cursor=False) == b"\x1b[A"
    assert typed("\x1b[1;5A", application_cursor=True) == b"\x1b[1;5A"
    assert typed("\x1bOH", application_cursor=True) == b"\x1bOH"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("\x1b[99;5u", b"\x03"),
        ("\x1b[100;5u", b"\x04"),
        ("\x1b[92;5u", b"\x1c"),
        ("\x1b[27u", b"\x1b"),
        ("\x1b[13u", b"\r"),
        ("\x1b[9u", b"\t"),
        ("\x1b[127u", b"\x7f"),
        ("\x1b[97;;97u", b"a"),
        ("\x1b[97;2;65u", b"A"),
        ("\x1b[46;3u", b"\x1b."),
        ("\x1b[98;3u", b"\x1bb"),
        ("\x1b[9;2u", b"\x1b[Z"),
        ("\x1b[32;5u", b"\x00"),
        ("\x1b[57441;2u", b""),
    ],
)
def test_terminals_with_kittys_protocol(data: str, expected: bytes) -> None:
    assert typed(data) == expected


def test_a_paste_stays_one() -> None:
    assert typed("\x1b[200~ip a\nls\x1b[201~x") == b"\x1b[200~ip a\rls\x1b[201~x"


def test_a_large_paste_is_quick_and_whole() -> None:
    text = "网络 0123456789 " * 7_000
    assert typed(f"\x1b[200~{text}\x1b[201~") == b"\x1b[200~" + text.encode() + b"\x1b[201~"


def test_a_paste_cannot_end_its_own_brackets() -> None:
    assert keys.paste("a\x1b[201~b\x03\x00", bracketed=True) == b"\x1b[200~a[201~b\x1b[201~"
    assert keys.paste("a\r\nb\tc", bracketed=False) == b"a\rb\tc"
