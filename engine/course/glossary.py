"""The glossary of a course: ``glossary.md`` and its translation put together, and what an author should know of them.

A course need not have one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from engine.course.data import near
from engine.course.glossary_file import GlossaryDraft, TermDraft
from engine.course.model import Term, Text
from engine.course.problems import Problem, Problems

ENGLISH, CHINESE = "glossary.md", "glossary.zh.md"
_BESIDES = re.compile(r"\s*[（(](.+)[）)]\s*\Z")
"""Another name behind a title: ``Address resolution (ARP)``."""


@dataclass
class GlossaryPair:
    """Its two files."""

    english: GlossaryDraft
    chinese: GlossaryDraft | None = None

    @property
    def problems(self) -> list[Problem]:
        """What was wrong with either file."""
        return self.english.problems.found + (self.chinese.problems.found if self.chinese else [])


def build_glossary(pair: GlossaryPair, steps: Collection[str]) -> tuple[Term, ...]:
    """The terms, in the order of the English file; what does not fit together is added to the problems of the drafts.

    ``steps``: the ids of the course's steps.
    """
    english, chinese = pair.english, pair.chinese
    ours = {term.id: term for term in english.terms}
    theirs = {term.id: term for term in chinese.terms} if chinese else {}
    if chinese is not None:
        for other in chinese.terms:
            if other.id not in ours:
                chinese.problems.add(other.line, "translated-unknown-term", id=other.id, near=near(other.id, ours))
    for term in english.terms:
        _references(term, ours, steps, english.problems)
    return tuple(_build(term, theirs.get(term.id)) for term in english.terms)


def _references(term: TermDraft, terms: Collection[str], steps: Collection[str], problems: Problems) -> None:
    if term.step is not None and term.step not in steps:
        line = term.lines["step"]
        problems.add(line, "term-unknown-step", id=term.id, step=term.step, near=near(term.step, steps))
    for name in term.related:
        if name not in terms or name == term.id:
            others = [one for one in terms if one != term.id]
            problems.add(term.lines["related"], "unknown-related", id=term.id, name=name, near=near(name, others))


def _build(term: TermDraft, other: TermDraft | None) -> Term:
    return Term(
        id=term.id,
        title=Text(term.title, (other.title or None) if other else None),
        text=Text(term.body, (other.body or None) if other else None),
        words=_words(term),
        words_zh=_words(other) if other else (),
        commands=tuple(text for text, _, lab in term.typed if lab),
        step=term.step,
        related=tuple(term.related),
    )


def _words(term: TermDraft) -> tuple[str, ...]:
    """The title, the name in brackets behind it, and what else it is called."""
    title = term.title.replace("`", "").strip()
    besides = _BESIDES.search(title)
    names = [_small(_BESIDES.sub("", title)), *([besides.group(1)] if besides else []), *term.words]
    return tuple(dict.fromkeys(name for name in names if name))


def _small(title: str) -> str:
    """A title as it stands within a sentence: ``Default route`` is ``default route``, ``NAT`` is a name."""
    return title if any(one.isupper() for one in title[1:]) else title[:1].lower() + title[1:]


def lint_glossary(pair: GlossaryPair, found: list[Problem]) -> None:
    """What only authors care about: entries that are missing, not translated, or stand in each other's way."""
    english, chinese = pair.english, pair.chinese
    problems = Problems(english.path, found, "lint.problem")
    for term in english.terms:
        if not term.typed:
            problems.add(term.line, "term-without-command", id=term.id)
        if term.step is None:
            problems.add(term.line, "term-without-step", id=term.id)
    _twice(english, problems)
    if chinese is None:
        problems.add(0, "no-translation", name=CHINESE)
        return
    translated = Problems(chinese.path, found, "lint.problem")
    _twice(chinese, translated)
    theirs = {term.id: term for term in chinese.terms}
    for term in english.terms:
        other = theirs.get(term.id)
        if other is None:
            translated.add(0, "term-not-translated", id=term.id, line=term.line)
            continue
        if term.prose == other.prose:
            translated.add(other.line, "term-same-words", id=term.id)
        if [one[0] for one in term.typed] != [one[0] for one in other.typed]:
            line = term.typed[0][1] if term.typed else term.line
            here = other.typed[0][1] if other.typed else other.line
            translated.add(here, "term-commands-differ", id=term.id, line=line)
    shared = [term.id for term in english.terms if term.id in theirs]
    if shared != [term.id for term in chinese.terms if term.id in shared]:
        translated.add(1, "terms-order-differs")


def _twice(draft: GlossaryDraft, problems: Problems) -> None:
    """One word leads to one entry."""
    seen: dict[str, TermDraft] = {}
    for term in draft.terms:
        for word in _words(term):
            other = seen.setdefault(word.lower(), term)
            if other is not term:
                problems.add(term.lines.get("words", term.line), "word-twice", word=word, id=term.id, other=other.id)


def glossary_files(path: Path) -> tuple[Path | None, Path | None]:
    """The two files of the course in the folder ``path``, as far as they are there."""
    english, chinese = path / ENGLISH, path / CHINESE
    return english if english.is_file() else None, chinese if chinese.is_file() else None
