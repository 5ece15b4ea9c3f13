"""A manual page as text: bold and underlined words, and where an option is described. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec


class Piece(NamedTuple):
    """Text of one kind: ``""``, ``bold`` or ``underline``."""

    text: str
    kind: str = ""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to read."""

    source: str
    """``man``, ``help`` (printed by the program) or ``builtin`` (printed by bash)."""
    title: str
    """The name of the manual page, or the command that printed it."""
    lines: tuple[tuple[Piece, ...], ...]

    @property
    def texts(self) -> list[str]:
        """The lines without their looks."""
        return ["".join(piece.text for piece in line) for line in self.lines]


_USAGE = re.compile(r"\s*(Usage|usage|用法)[:：]\s*")
_BODY = re.compile(r"(DESCRIPTION|OPTIONS|COMMANDS|描述|选项)\b")


def read_overstrikes(text: str) -> tuple[tuple[Piece, ...], ...]:
    """Lines of a page as a teletype would print it: ``x BS x`` is a bold x, ``_ BS x`` an underlined one."""
    return tuple(_line(line.expandtabs()) for line in text.rstrip("\n").split("\n"))


def _line(line: str) -> tuple[Piece, ...]:
    pieces: list[list[str]] = []
    index = 0
    while index < len(line):
        character, kind, index = line[index], "", index + 1
        while line[index : index + 1] == "\b" and index + 1 < len(line):
            over = line[index + 1]
            kind = "underline" if character == "_" and over != "_" else "bold"
            character, index = over, index + 2
        if pieces and pieces[-1][1] == kind:
            pieces[-1][0] += character
        else:
            pieces.append([character, kind])
    return tuple(Piece(text, kind) for text, kind in pieces)


def find(texts: Sequence[str], sought: Sequence[str], section: str = "") -> int | None:
    """The line at which the description of the first of ``sought`` begins that is described at all.

    An option is described where a line begins with it, or with another spelling of it; a word where a line begins
    with it. The synopsis, which names everything, comes last. ``section`` begins the part of the page that is looked
    through first (``ip link set``).
    """
    head = find(texts, (section,)) if section else None
    if head is not None:
        end = _end_of_section(texts, head, section)
        inside = find(texts[head:end], sought)
        if inside is not None:
            return head + inside
    start: int = next((i for i, text in enumerate(texts) if _BODY.match(text)), 0)
    order: list[int] = [*range(start, len(texts)), *range(start)]
    for word in filter(None, sought):
        pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
        begins = [i for i in order if _begins(_USAGE.sub("", texts[i]).strip(), word, pattern)]
        if begins:
            ranked = sorted(begins, key=lambda i: _rank(texts[i], word))  # the order stays among equals
            return next((i for i in ranked if i >= start), ranked[0])
        if word.startswith("-") and (named := [i for i in order if pattern.search(texts[i])]):
            return named[0]
    return None


def _end_of_section(texts: Sequence[str], head: int, section: str) -> int:
    """Where the next subcommand's part begins."""
    program, indent = section.split(" ", 1)[0], _indent(texts[head])
    for index in range(head + 1, len(texts)):
        bare = texts[index].strip()
        if bare and (_indent(texts[index]) < indent or (_indent(texts[index]) == indent and bare.startswith(program))):
            return index
    return len(texts)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _rank(text: str, word: str) -> tuple[int, int]:
    """A heading before a sentence that begins with the same word, what stands further left before its details."""
    bare = text.strip()
    heading = word.startswith("-") or bare == word or " - " in bare or not re.search(r"[.,;a-z]\Z", bare)
    return 0 if heading else 1, _indent(text)


def _begins(text: str, word: str, pattern: re.Pattern[str]) -> bool:
    if not word.startswith("-"):
        text = re.sub(r"\s+", " ", re.sub(r"\[[^\]]*\]", "", text)).strip() if " " in word else text
        return bool(pattern.match(text))
    if not text.startswith(("-", "[")):
        return False
    found = pattern.search(text)
    return found is not None and not re.search(r"\s{3,}|\.\s", text[: found.start()])
