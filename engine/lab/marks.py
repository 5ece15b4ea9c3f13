"""OSC 133 marks: find them in what a shell prints.

``ESC ] 133 ; A`` begins a prompt, ``B`` ends it, ``C`` begins a command's output, ``D ; exit`` ends it (the "semantic
prompts" proposal of terminal-wg, as FinalTerm, iTerm2, kitty and Ghostty know it). The lab's own shells add options:
``aid`` (the shell's process id), ``ns`` (its network namespace), ``cwd`` and ``cmdline_url`` (percent-encoded).
"""

from __future__ import annotations

from urllib.parse import unquote

import msgspec

_BEGIN = b"\x1b]133;"
_LONGEST = 256 * 1024
"""A mark that has no end after so many bytes is none."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One mark."""

    kind: str
    """``A``, ``B``, ``C`` or ``D``."""
    shell: str = ""
    """Which shell says it (``aid``); empty for ``B``, and for a foreign program's marks."""
    prompt: str = ""
    """Which prompt of that shell (``n``): the same one is printed again when the line is redrawn."""
    exit: int | None = None
    text: str = ""
    namespace: str = "?"
    cwd: str | None = None


class MarkParser:
    """Cuts a stream into marks and what stands between them; chunks may end anywhere."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes | Mark]:
        """What ``data`` completes, in order: plain output and marks."""
        buffer = self._rest + data if self._rest else data
        found: list[bytes | Mark] = []
        position = 0
        while (begin := buffer.find(_BEGIN, position)) >= 0:
            end, after = _terminator(buffer, begin + len(_BEGIN))
            if end < 0:
                if len(buffer) - begin > _LONGEST:
                    break
                if begin > position:
                    found.append(buffer[position:begin])
                self._rest = buffer[begin:]
                return found
            if begin > position:
                found.append(buffer[position:begin])
            mark = parse(buffer[begin + len(_BEGIN) : end])
            if mark is not None:
                found.append(mark)
            position = after
        keep = _partial(buffer, position)
        if keep > position:
            found.append(buffer[position:keep])
        self._rest = buffer[keep:]
        return found


def _terminator(buffer: bytes, start: int) -> tuple[int, int]:
    """Where an OSC ends (BEL, or ESC and a backslash) and what follows begins; -1 if it does not end here."""
    bell = buffer.find(b"\x07", start)
    escape = buffer.find(b"\x1b", start, bell if bell >= 0 else len(buffer))
    if escape >= 0:
        if escape + 1 == len(buffer):
            return -1, -1
        return (escape, escape + 2) if buffer[escape + 1 : escape + 2] == b"\\" else (escape, escape)
    return (bell, bell + 1) if bell >= 0 else (-1, -1)


def _partial(buffer: bytes, position: int) -> int:
    """Where the beginning of a mark that is not complete starts, at the very end of ``buffer``; else its length."""
    for length in range(min(len(_BEGIN) - 1, len(buffer) - position), 0, -1):
        if buffer.endswith(_BEGIN[:length]):
            return len(buffer) - length
    return len(buffer)


def parse(body: bytes) -> Mark | None:
    """The mark whose text after ``133;`` is ``body``; ``None`` for one that this program has no use for."""
    words = body.decode("utf-8", "replace").split(";")
    kind = words[0]
    if kind not in ("A", "B", "C", "D"):
        return None
    code = None
    if kind == "D" and len(words) > 1 and words[1].lstrip("-").isdigit():
        code = int(words[1])
    options = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    cwd = options.get("cwd")
    return Mark(
        kind=kind,
        shell=options.get("aid", ""),
        prompt=options.get("n", ""),
        exit=code,
        text=unquote(options.get("cmdline_url", "")),
        namespace=options.get("ns", "?"),
        cwd=unquote(cwd) if cwd is not None else None,
    )
