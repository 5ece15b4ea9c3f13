"""Every key that is not the program's own reaches what runs in the lab, byte by byte; Vim is used with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.learner import learning

pytestmark = pytest.mark.lab

READER = """python3 -c '
import os, sys, termios, tty
before = termios.tcgetattr(0)
tty.setraw(0)
os.write(1, b"\\x1b[?2004hready\\r\\n")
got = b""
while not got.endswith(b"~~~"):
    got += os.read(0, 4096)
termios.tcsetattr(0, termios.TCSANOW, before)
print(got.hex())
'"""
"""Prints in hexadecimal what it was sent, until three tildes come."""
KEYS = {
    "Ctrl-A to Ctrl-Z, without Tab and Enter": "".join(chr(one) for one in range(1, 27) if one not in (9, 13)),
    "Tab, Shift-Tab, Enter, Backspace, Ctrl-Space": "\t\x1b[Z\r\x7f\x00",
    "Ctrl-\\, Ctrl-^, Ctrl-_": "\x1c\x1e\x1f",
    "Alt-., Alt-b, Alt-B, Alt-1, Alt-Backspace, Alt-Enter": "\x1b.\x1bb\x1bB\x1b1\x1b\x7f\x1b\r",
    "arrows, Home, End": "\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F",
    "Shift, Alt and Ctrl with arrows": "".join(f"\x1b[1;{held}{way}" for held in (2, 3, 5, 6) for way in "ABCD"),
    "Insert, Delete, PageUp, PageDown, Ctrl-Delete": "\x1b[2~\x1b[3~\x1b[5~\x1b[6~\x1b[3;5~",
    "F11, Ctrl-F5, Shift-F10": "\x1b[23~\x1b[15;5~\x1b[21;2~",
    "letters": "qQpP?: 你好",
}
PASTED = "echo pasted\nline"


async def test_the_bytes_of_every_key(tmp_path: Path) -> None:
    async with learning(tmp_path, at="1.2") as learner:
        shell = await learner.go_to_terminal("T2")
        await learner.until(lambda: shell.at_prompt, "a prompt")
        heard: list[bytes] = []
        shell.on_output.append(heard.append)
        wanted = ""
        await shell.type(READER)
        await learner.type("\r")
        await learner.until(lambda: b"ready\r\n" in b"".join(heard), "the reader")
        for keys in KEYS.values():
            await learner.type(keys)
            wanted += keys
        await learner.type("\x1b")  # Esc alone
        wanted += "\x1b"
        await learner.type(f"\x1b[200~{PASTED}\x1b[201~")
        wanted += f"\x1b[200~{PASTED.replace(chr(10), chr(13))}\x1b[201~"
        await learner.type("\x1d")  # the chord is the program's own …
        await learner.until(lambda: learner.it.main.focused is learner.it.main.lesson, "the lesson")
        await learner.type("\x1d")  # … unless it comes twice
        wanted += "\x1d"
        await learner.until(lambda: learner.it.view.has_focus, "the terminal")
        await learner.type("~~~")
        await learner.until(lambda: b"7e7e7e" in b"".join(heard), "what was read")
        got = b"".join(heard).replace(b"\r\n", b"").rsplit(b"ready", 1)[1]
        assert bytes.fromhex(got[: got.index(b"7e7e7e")].decode()) == wanted.encode()

        await learner.until(lambda: shell.at_prompt, "the prompt after it")
        await learner.type("vim -u NONE -N words\r")
        await learner.it.sees("~")
        await learner.until(lambda: learner.it.view.modes.alternate_screen, "Vim")
        await learner.type("ione two\x1b")
        await learner.it.sees("one two")
        await learner.type(":s/two/three/\r")
        await learner.it.sees("one three")
        await learner.type("A four\x1bu")  # Esc and u at once are not Alt-u
        await learner.it.sees_no("four")
        await learner.type("yyp\x16jx:wq\r")
        await learner.until(lambda: shell.at_prompt, "the prompt after Vim")
        await learner.type("cat words; sleep 100\r")
        await learner.it.sees("ne three")
        await learner.type("\x1c")  # Ctrl-\ ends it
        await learner.until(lambda: shell.at_prompt, "the prompt after Ctrl-\\")
        await learner.it.sees("Quit")
