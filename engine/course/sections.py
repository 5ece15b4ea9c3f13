"""A lesson file cut at its headings: title and opening, the steps, the two parts at the end."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.course.markdown import Block, Comment, Details, Fence, Heading, read_blocks
from engine.course.problems import Problems

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MARKERS = ("step", "recap", "docker")
DATA = ("lesson", "predict", "checks", "accepted", "mistakes", "notes")
DETAILS = ("hint", "explanation", "solution")


@dataclass
class Section:
    """What stands below one heading. ``kind`` is ``step``, ``recap``, ``docker``, or ``intro`` for what comes first."""

    kind: str
    title: str
    line: int
    blocks: list[Block] = field(default_factory=list)
    end: int = 0
    """The line of the next section's heading."""
    start: int = 0
    """The line at which the words begin."""
    id: str = ""
    unguided: bool = False


def read_sections(text: str, problems: Problems) -> list[Section]:
    """The sections of a file; the first is always the ``intro``, whose title is the lesson's."""
    blocks = read_blocks(text, problems)
    intro = Section(kind="intro", title="", line=1, start=1)
    sections = [intro]
    for position, block in enumerate(blocks):
        here = sections[-1]
        if isinstance(block, Heading) and block.level == 1:
            if intro.title:
                problems.add(block.line, "second-title")
            elif here is not intro or position != 0:
                problems.add(block.line, "title-not-first")
            if not block.text:
                problems.add(block.line, "no-title")
            intro.title = intro.title or block.text
            intro.line, intro.start = block.line, block.end
        elif isinstance(block, Heading) and block.level == 2:
            here.end = block.line
            following = blocks[position + 1] if position + 1 < len(blocks) else None
            sections.append(_begin(block, following, problems))
        elif isinstance(block, Comment) and _is_marker(block):
            if block.line != here.start or here is intro:
                _stray(block, problems)
            else:
                here.start = block.end
        else:
            here.blocks.append(block)
    sections[-1].end = text.count("\n") + 2
    if not intro.title and not any(one.name in ("no-title", "title-not-first") for one in problems.found):
        problems.add(1, "no-title")
    _only_once(sections, problems)
    for section in sections:
        _only_known(section, problems)
    return [section for section in sections if section.kind]


def _is_marker(comment: Comment) -> bool:
    return comment.name in MARKERS and (comment.name == "step" or not comment.text.strip())


def _stray(comment: Comment, problems: Problems) -> None:
    problems.add(comment.line, "stray-marker", name=comment.name)


def _begin(heading: Heading, following: Block | None, problems: Problems) -> Section:
    section = Section(kind="", title=heading.text, line=heading.line, start=heading.end)
    if not heading.text:
        problems.add(heading.line, "empty-heading")
    if not isinstance(following, Comment) or not _is_marker(following):
        problems.add(heading.line, "heading-without-marker", title=heading.text)
        return section
    section.kind = following.name
    section.start = following.line
    if section.kind == "step":
        words = following.text.split()
        if not following.colon or not words:
            problems.add(following.line, "bad-step-marker")
            section.kind = ""
        elif not NAME.fullmatch(words[0]):
            problems.add(following.line, "bad-id", id=words[0])
            section.kind = ""
        for word in words[1:]:
            if word != "unguided":
                problems.add(following.line, "step-marker-word", word=word)
        section.id = words[0] if words else ""
        section.unguided = "unguided" in words[1:]
    return section


def _only_once(sections: Sequence[Section], problems: Problems) -> None:
    seen: dict[tuple[str, str], Section] = {}
    for section in sections:
        key = (section.kind, section.id)
        if not section.kind:
            continue
        if key in seen:
            name = "duplicate-step" if section.kind == "step" else "duplicate-part"
            problems.add(section.line, name, id=section.id or section.kind, line=seen[key].line)
        seen.setdefault(key, section)


def _only_known(section: Section, problems: Problems) -> None:
    """Comments and details that belong elsewhere, or are misspelt. Other comments are remarks among authors."""
    for block in section.blocks:
        if isinstance(block, Comment) and block.name:
            bare = block.colon or block.text_line > block.line
            allowed = {"step": DATA[1:], "intro": DATA[:1]}.get(section.kind, ())
            if block.name in DATA:
                if section.kind and block.name not in allowed:
                    problems.add(block.line, "comment-elsewhere", name=block.name)
            elif bare and (close := difflib.get_close_matches(block.name.lower(), (*DATA, *MARKERS), n=1, cutoff=0.7)):
                problems.add(block.line, "unknown-comment", name=block.name, near=close[0])
        elif isinstance(block, Details):
            if block.kind not in DETAILS:
                problems.add(block.line, "unknown-details", kind=block.kind or "—", names=", ".join(DETAILS))
            elif section.kind and section.kind != "step":
                problems.add(block.line, "details-elsewhere", kind=block.kind)


def words_of(section: Section, lines: Sequence[str]) -> str:
    """The Markdown of a section as it is shown: without comments and details."""
    hidden = set[int]()
    for block in section.blocks:
        if isinstance(block, Comment | Details):
            hidden.update(range(block.line, block.end))
    numbers = range(section.start, min(section.end, len(lines) + 1))
    return _fold([lines[number - 1] for number in numbers if number not in hidden])


def _fold(lines: Sequence[str]) -> str:
    """Joined, with single blank lines where something was taken out; fences keep theirs."""
    result: list[str] = []
    fence = ""
    for line in lines:
        bare = line.lstrip()
        if fence:
            if bare.startswith(fence) and not bare.strip(fence[0]).strip():
                fence = ""
        elif bare.startswith(("```", "~~~")):
            fence = bare[: len(bare) - len(bare.lstrip(bare[0]))]
        elif not bare and (not result or not result[-1].strip()):
            continue
        result.append(line)
    return "\n".join(result).strip("\n")


def fences_of(section: Section) -> list[Fence]:
    """The fences of a section that are shown."""
    return [block for block in section.blocks if isinstance(block, Fence)]
