"""Turn what a program wrote to a terminal into the text that a person has read there."""

from __future__ import annotations

import re

_ALTERNATE_SCREEN = re.compile(r"\x1b\[\?(1049|1047|47)h.*?(?:\x1b\[\?\1l|\Z)", re.DOTALL)
_ERASE_LINE = re.compile(r"\x1b\[0?K")
_SEQUENCE = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\|\Z)"  # operating system commands: titles, marks
    r"|\x1b[PX^_].*?(?:\x1b\\|\Z)"  # device control and other strings
    r"|\x1b\[[0-?]*[ -/]*(?:[@-~]|\Z)"  # control sequences: colours, movements
    r"|\x1b[ -/]*(?:[0-~]|\Z)",
    re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x07\x0c\x0e-\x1a\x1c-\x1f\x7f]")
_ERASED = "\x0b"


def plain(data: bytes) -> str:
    """``data`` without escape sequences; carriage returns, backspaces and erasing done; full screens left out."""
    text = data.decode("utf-8", "replace")
    if "\x1b" in text:
        text = _ALTERNATE_SCREEN.sub("", text)
        text = _ERASE_LINE.sub(_ERASED, text)
        text = _SEQUENCE.sub("", text)
    text = _CONTROL.sub("", text)
    return "\n".join(_overwritten(line) for line in text.split("\n"))


def _overwritten(line: str) -> str:
    line = line.rstrip("\r")
    if not any(char in line for char in "\r\b\x0b"):
        return line
    cells: list[str] = []
    column = 0
    for char in line:
        if char == "\r":
            column = 0
        elif char == "\b":
            column = max(0, column - 1)
        elif char == _ERASED:
            del cells[column:]
        else:
            cells[column : column + 1] = [char]
            column += 1
    return "".join(cells).rstrip()
