"""One glossary file, English or Chinese, as it was written; :mod:`engine.course.glossary` puts the two together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import msgspec

from engine.course.data import Marked, convert, read_yaml
from engine.course.fences import DOCKER, is_console, read_typed
from engine.course.markdown import Block, Comment, Details, Fence, Heading, read_blocks
from engine.course.problems import Problems
from engine.course.sections import NAME

Filled = Annotated[str, msgspec.Meta(min_length=1)]
_MARKER = "term"


class WordsFields(msgspec.Struct):
    """``<!-- term: id … -->`` in a translation."""

    words: list[Filled] = []


class TermFields(WordsFields):
    """``<!-- term: id … -->`` in English."""

    step: Filled | None = None
    related: list[Filled] = []


@dataclass
class TermDraft:
    """One entry of one file."""

    id: str
    title: str
    line: int
    body: str = ""
    words: list[str] = field(default_factory=list)
    step: str | None = None
    related: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    """The lines of the fields ``words``, ``step`` and ``related``, where they are given."""
    typed: list[tuple[str, int, bool]] = field(default_factory=list)
    """Each command: its text, its line, and whether it is for the lab."""

    @property
    def prose(self) -> str:
        """The entry without its commands."""
        return re.sub(r"^(`{3,}|~{3,}).*?^\1[ \t]*$", "", self.body, flags=re.DOTALL | re.MULTILINE).strip()


@dataclass
class GlossaryDraft:
    """One file."""

    path: Path
    text: str
    terms: list[TermDraft] = field(default_factory=list)
    problems: Problems = field(default_factory=lambda: Problems(Path()))


def read_glossary(path: Path, text: str, *, translation: bool = False) -> GlossaryDraft:
    """The entries of one file; what is wrong with it is in ``problems`` of the result."""
    problems = Problems(path)
    draft = GlossaryDraft(path, text, problems=problems)
    lines = text.split("\n")
    blocks = read_blocks(text, problems)
    starts = [index for index, block in enumerate(blocks) if isinstance(block, Heading) and block.level == 2]
    seen: dict[str, int] = {}
    for position, start in enumerate(starts):
        stop = starts[position + 1] if position + 1 < len(starts) else len(blocks)
        end = blocks[stop].line if stop < len(blocks) else len(lines) + 1
        term = _term(blocks[start:stop], lines[: end - 1], translation, problems)
        if term is None:
            continue
        if term.id in seen:
            problems.add(term.line, "duplicate-term", id=term.id, line=seen[term.id])
            continue
        seen[term.id] = term.line
        draft.terms.append(term)
    return draft


def _term(blocks: list[Block], lines: list[str], translation: bool, problems: Problems) -> TermDraft | None:
    """The entry that begins with the heading ``blocks[0]``; ``lines`` end where the next one begins."""
    heading, marker = blocks[0], blocks[1] if len(blocks) > 1 else None
    assert isinstance(heading, Heading)
    if not heading.text:
        problems.add(heading.line, "empty-heading")
    if not isinstance(marker, Comment) or marker.name != _MARKER or not marker.colon:
        problems.add(heading.line, "heading-without-term", title=heading.text)
        return None
    name, _, below = marker.text.partition("\n")
    if not NAME.fullmatch(name.strip()):
        problems.add(marker.line, "bad-id", id=name.strip())
        return None
    term = TermDraft(name.strip(), heading.text, heading.line)
    if below.strip():
        _fields(term, read_yaml(below, marker.text_line + 1, problems, words=True), translation, problems)
    hidden = {number for one in blocks if isinstance(one, Comment) for number in range(one.line, one.end)}
    kept = [lines[number - 1] for number in range(heading.end, len(lines) + 1) if number not in hidden]
    term.body = "\n".join(line for line in kept if line is not None).strip("\n ")
    for block in blocks[2:]:
        if isinstance(block, Fence) and is_console(block):
            lab = DOCKER not in block.info.split()
            term.typed += [(one.text, one.line, lab) for one in read_typed(block, problems)]
        elif isinstance(block, Details):
            problems.add(block.line, "details-elsewhere", kind=block.kind or "—")
    if not term.prose:
        problems.add(heading.line, "empty-term", id=term.id)
    return term


def _fields(term: TermDraft, marked: Marked | None, translation: bool, problems: Problems) -> None:
    if marked is None:
        return
    if translation and isinstance(marked.data, dict):
        for name in ("step", "related"):
            if name in marked.data:
                problems.add(marked.line((name,)), "only-in-english", name=name)
                marked.data.pop(name)
    fields = convert(marked, WordsFields if translation else TermFields, problems)
    if fields is None:
        return
    term.words = fields.words
    if isinstance(fields, TermFields):
        term.step, term.related = fields.step, fields.related
    term.lines = {name: marked.line((name,)) for name in ("words", "step", "related") if name in marked.data}
