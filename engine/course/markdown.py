"""A lesson file as a row of blocks with their lines: headings, fences, comments, ``<details>``, and everything else.

Only the shape is read here; what the words mean to a person is the business of whoever shows them. Both use the same
:func:`parser_factory`, so that what is a fence to the one is a fence to the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from engine.course.problems import Problems

_COMMENT = re.compile(r"\s*<!--(.*?)(-->)(.*)\Z", re.DOTALL)
_NAMED = re.compile(r"\s*([A-Za-z][A-Za-z-]*)\b[ \t]*(:?)")
_DETAILS = re.compile(r"\s*<details\b([^>]*)>\s*(?:<summary>.*?</summary>)?", re.DOTALL | re.IGNORECASE)
_CLASS = re.compile(r"""\bclass\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_DETAILS_END = "</details>"


def parser_factory(*, inline: bool = True) -> MarkdownIt:
    """The one parser of lessons: CommonMark with tables. ``inline=False`` reads blocks and leaves their text alone."""
    parser = MarkdownIt("commonmark").enable("table")
    return parser if inline else parser.disable(["inline", "text_join"])


@lru_cache(maxsize=1)
def _block_parser() -> MarkdownIt:
    return parser_factory(inline=False)


@dataclass(frozen=True, kw_only=True)
class Block:
    """Part of a file: ``line`` is its first line, ``end`` the one behind its last; both count from 1."""

    line: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Heading(Block):
    level: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Fence(Block):
    """``text`` begins at line ``line + 1``."""

    info: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Comment(Block):
    """``<!-- name: text -->`` or ``<!-- name`` with YAML below; ``text`` begins at ``text_line``."""

    name: str
    text: str
    text_line: int
    colon: bool
    """A colon stands behind the name."""


@dataclass(frozen=True, kw_only=True)
class Details(Block):
    """``<details class="kind">`` with the Markdown in it, and its blocks."""

    kind: str
    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Prose(Block):
    """Anything else that stands on its own: a paragraph, a list, a table."""


def read_blocks(text: str, problems: Problems) -> list[Block]:
    """The top-level blocks of a file. What is left open (a fence, a comment, a ``<details>``) is a problem."""
    lines = text.split("\n")
    tokens = _block_parser().parse(text)
    blocks: list[Block] = []
    for index, token in enumerate(tokens):
        if token.map is None or token.level != 0:
            if token.map is not None:
                _nested(token, problems)
            continue
        line, end = token.map[0] + 1, token.map[1] + 1
        if token.type == "heading_open":
            blocks.append(Heading(line=line, end=end, level=int(token.tag[1]), text=tokens[index + 1].content.strip()))
        elif token.type == "fence":
            if _is_open(token, lines):
                problems.add(line, "open-fence")
            blocks.append(Fence(line=line, end=end, info=token.info.strip(), text=token.content.removesuffix("\n")))
        elif token.type == "html_block":
            blocks += _html(token, line, end, problems)
        else:
            blocks.append(Prose(line=line, end=end))
    return _fold_details(blocks, lines, problems)


def _is_open(token: Token, lines: list[str]) -> bool:
    start, end = token.map or [0, 0]
    last = lines[end - 1].strip() if end - 1 > start else ""
    return not (last.startswith(token.markup) and set(last) == {token.markup[0]})


def _nested(token: Token, problems: Problems) -> None:
    """In a list or a quote neither commands nor comments are seen by the program: say so."""
    line = (token.map or [0])[0] + 1
    if token.type == "fence" and token.info.split()[:1] == ["console"]:
        problems.add(line, "nested-fence")
    elif token.type == "html_block" and token.content.lstrip().startswith(("<!--", "<details", _DETAILS_END)):
        problems.add(line, "nested-html")


@dataclass(frozen=True, kw_only=True)
class _Html(Block):
    content: str


def _html(token: Token, line: int, end: int, problems: Problems) -> list[Block]:
    """A comment; or other HTML, cut where a line opens or closes ``<details>``."""
    content = token.content
    if content.lstrip().startswith("<!--"):
        return [_comment(content, line, end, problems)]
    parts: list[_Html] = []
    for number, text in enumerate(content.splitlines(keepends=True), line):
        bare = text.lstrip()
        if bare.startswith("<!--"):
            problems.add(number, "html-without-blank", text=bare.strip()[:40])
        if not parts or bare.startswith(("<details", _DETAILS_END)):
            parts.append(_Html(line=number, end=number + 1, content=text))
        else:
            parts[-1] = _Html(line=parts[-1].line, end=number + 1, content=parts[-1].content + text)
    return list(parts)


def _comment(content: str, line: int, end: int, problems: Problems) -> Comment:
    match = _COMMENT.match(content)
    if match is None:
        problems.add(line, "open-comment")
        return Comment(line=line, end=end, name="", text="", text_line=line, colon=False)
    inside, rest = match.group(1), match.group(3)
    if rest.strip():
        problems.add(line + content.rstrip().count("\n"), "text-after-comment", text=rest.strip()[:40])
    named = _NAMED.match(inside)
    if named is None:
        return Comment(line=line, end=end, name="", text="", text_line=line, colon=False)
    text = inside[named.end() :]
    first, _, below = text.partition("\n")
    text_line = line + content[: match.start(1)].count("\n") + inside[: named.end()].count("\n")
    if not first.strip():
        text, text_line = below, text_line + 1
    return Comment(line=line, end=end, name=named.group(1), text=text, text_line=text_line, colon=named.group(2) == ":")


def _fold_details(blocks: list[Block], lines: list[str], problems: Problems) -> list[Block]:
    """Each ``<details>`` with everything up to its end as one block; other HTML is left as prose."""
    result: list[Block] = []
    position = 0
    while position < len(blocks):
        block = blocks[position]
        position += 1
        if not isinstance(block, _Html):
            result.append(block)
            continue
        opening = _DETAILS.match(block.content)
        if opening is None:
            if _DETAILS_END in block.content.lower():
                problems.add(block.line, "stray-details-end")
            result.append(Prose(line=block.line, end=block.end))
            continue
        inner: list[Block] = []
        closing: Block | None = block if _DETAILS_END in block.content.lower() else None
        while closing is None and position < len(blocks):
            candidate = blocks[position]
            if isinstance(candidate, Heading) and candidate.level <= 2:
                break
            if isinstance(candidate, _Html) and _DETAILS.match(candidate.content):
                break
            position += 1
            if isinstance(candidate, _Html) and _DETAILS_END in candidate.content.lower():
                closing = candidate
            else:
                inner.append(candidate)
        attributes = _CLASS.search(opening.group(1))
        kind = next((one for one in attributes.groups() if one), "") if attributes else ""
        if closing is None:
            problems.add(block.line, "open-details")
            result += inner
            continue
        body = "\n".join(lines[block.line - 1 : closing.end - 1])
        text = body[opening.end() : body.lower().rindex(_DETAILS_END)].strip("\n")
        blocks_inside = tuple(Prose(line=one.line, end=one.end) if isinstance(one, _Html) else one for one in inner)
        result.append(Details(line=block.line, end=closing.end, kind=kind, text=text.strip(), blocks=blocks_inside))
    return result
