"""Markdown as blocks that can be laid out at any width. Pure; knows nothing of widgets."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from engine.course.markdown import parser_factory
from tui.wrap import Span


@dataclass(frozen=True)
class Words:
    """Running text. ``first`` stands before its first line, ``rest`` before the others (a list's bullet and indent)."""

    spans: tuple[Span, ...]
    first: str = ""
    rest: str = ""
    heading: int = 0
    """1–6 for a heading."""
    tight: bool = False
    """No empty line before it: an item of a tight list."""


@dataclass(frozen=True)
class Fence:
    """A block of code; ``info`` is what stands after the three backticks."""

    text: str
    info: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the first row is its head."""

    rows: tuple[tuple[tuple[Span, ...], ...], ...]


@dataclass(frozen=True)
class Figure:
    """A picture: what it shows in words, and its file relative to the lesson's."""

    alt: str
    source: str


Block = Words | Fence | Table | Figure


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return parser_factory()


@lru_cache(maxsize=512)
def parse(text: str) -> tuple[Block, ...]:
    """The blocks of ``text``. HTML, comments included, is left out."""
    return tuple(_Reader().read(_parser().parse(text)))


def parse_inline(text: str) -> tuple[Span, ...]:
    """The spans of one paragraph's text."""
    return next((block.spans for block in parse(text) if isinstance(block, Words)), ())


@dataclass
class _Reader:
    """Walks the token stream; ``stack`` holds the open lists."""

    stack: list[list[str]] = field(default_factory=list)
    """For each open list or quote: what stands before its next first line, and before the others."""

    def read(self, tokens: list[Token]) -> list[Block]:
        blocks: list[Block] = []
        heading = 0
        tight = False
        counter: list[int | None] = []
        rows: list[tuple[tuple[Span, ...], ...]] | None = None
        row: list[tuple[Span, ...]] = []
        for token in tokens:
            kind = token.type
            if kind == "heading_open":
                heading = int(token.tag[1])
            elif kind == "paragraph_open":
                tight = token.hidden
            elif kind == "bullet_list_open":
                counter.append(None)
            elif kind == "ordered_list_open":
                counter.append(int(str(token.attrs.get("start", 1))))
            elif kind in ("bullet_list_close", "ordered_list_close"):
                counter.pop()
            elif kind == "list_item_open":
                number = counter[-1]
                mark = "• " if number is None else f"{number}. "
                if number is not None:
                    counter[-1] = number + 1
                self.stack.append([mark, " " * len(mark)])
            elif kind == "blockquote_open":
                self.stack.append(["│ ", "│ "])
            elif kind in ("list_item_close", "blockquote_close"):
                self.stack.pop()
            elif kind in ("fence", "code_block"):
                blocks.append(Fence(token.content.rstrip("\n"), token.info.strip()))
            elif kind == "hr":
                blocks.append(Words((Span("───", "rule"),)))
            elif kind == "table_open":
                rows = []
            elif kind == "tr_open":
                row = []
            elif kind == "tr_close" and rows is not None:
                rows.append(tuple(row))
            elif kind == "table_close" and rows is not None:
                blocks.append(Table(tuple(rows)))
                rows = None
            elif kind == "inline":
                if rows is not None:
                    row.append(spans(token.children or []))
                    continue
                blocks.extend(self._inline(token, heading, tight))
                heading, tight = 0, False
        return blocks

    def _inline(self, token: Token, heading: int, tight: bool) -> list[Block]:
        children = token.children or []
        pictures = [child for child in children if child.type == "image"]
        if pictures and all(child.type in ("image", "softbreak") or not child.content.strip() for child in children):
            return [Figure(picture.content, str(picture.attrs.get("src", ""))) for picture in pictures]
        first = "".join(level[0] for level in self.stack)
        rest = "".join(level[1] for level in self.stack)
        for level in self.stack:
            level[0] = level[1]
        return [Words(spans(children), first, rest, heading, tight)]


def spans(children: list[Token]) -> tuple[Span, ...]:
    """The spans of an inline token's children."""
    result: list[Span] = []
    looks: list[str] = []
    for child in children:
        kind = child.type
        if kind == "text":
            result.append(Span(child.content, " ".join(looks)))
        elif kind == "code_inline":
            result.append(Span(child.content, " ".join([*looks, "code"])))
        elif kind == "softbreak":
            result.append(Span(_soft_break(result), " ".join(looks)))
        elif kind == "hardbreak":
            result.append(Span("\n", ""))
        elif kind == "strong_open":
            looks.append("strong")
        elif kind == "em_open":
            looks.append("emphasis")
        elif kind == "link_open":
            looks.append("link")
        elif kind in ("strong_close", "em_close", "link_close"):
            looks.pop()
        elif kind == "image":
            result.append(Span(child.content, "emphasis"))
    return tuple(span for span in result if span.text)


def _soft_break(before: list[Span]) -> str:
    """A line end in the source is a space, except between Chinese characters."""
    last = before[-1].text[-1:] if before and before[-1].text else ""
    return "" if last and ord(last) >= 0x2E80 else " "
