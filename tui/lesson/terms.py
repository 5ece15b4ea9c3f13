"""Marks the glossary's terms where a lesson first speaks of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.course.model import Term
from engine.course.terms import Mentions
from tui.lesson.document import Panel, Section
from tui.lesson.markdown import Words
from tui.lines import Line
from tui.wrap import Span

PREFIX = "screen.glossary("
LOOK = "term"
_UNMARKED_PANELS = ("hint", "solution")
"""Whoever reads these wants to get on."""


class TermMarker:
    """Marks the terms of one glossary in one language."""

    def __init__(self) -> None:
        self._glossary: tuple[Term, ...] = ()
        self._language = ""
        self._mentions = Mentions((), "")

    def use(self, glossary: tuple[Term, ...], language: str) -> None:
        """From now on these terms."""
        if glossary is not self._glossary or language != self._language:
            self._glossary, self._language = glossary, language
            self._mentions = Mentions(glossary, language)

    def mark(self, sections: Iterable[Section]) -> tuple[Section, ...]:
        """See :func:`mark_terms`."""
        return mark_terms(sections, self._mentions) if self._glossary else tuple(sections)


def mark_terms(sections: Iterable[Section], mentions: Mentions) -> tuple[Section, ...]:
    """The same lesson, each term marked at its first mention: underlined, and a click opens its entry."""
    seen: set[str] = set()
    return tuple(replace(section, items=_items(section.items, mentions, seen)) for section in sections)


def _items(items: Sequence[object], mentions: Mentions, seen: set[str]) -> tuple[object, ...]:
    marked: list[object] = []
    for item in items:
        if isinstance(item, Panel) and item.kind not in _UNMARKED_PANELS:
            blocks = _items(item.blocks, mentions, seen)
            marked.append(replace(item, blocks=blocks))  # type: ignore[arg-type]  # words stay words
        elif isinstance(item, Words) and not item.heading:
            marked.append(replace(item, spans=_spans(item.spans, mentions, seen)))
        else:
            marked.append(item)
    return tuple(marked)


def _spans(spans: Sequence[Span], mentions: Mentions, seen: set[str]) -> tuple[Span, ...]:
    found = []
    for mention in mentions.find([(span.text, "code" in span.look.split()) for span in spans]):
        if mention.term not in seen:
            seen.add(mention.term)
            found.append(mention)
    result = list(spans)
    for mention in reversed(found):
        result = _cut(result, mention.start, mention.end, f"{PREFIX}{mention.term!r})")
    return tuple(result)


def _cut(spans: Sequence[Span], start: int, end: int, action: str) -> list[Span]:
    """The spans with the text from ``start`` to ``end`` marked."""
    result: list[Span] = []
    at = 0
    for span in spans:
        first, last = max(start - at, 0), min(end - at, len(span.text))
        if first >= last:
            result.append(span)
        else:
            inside = Span(span.text[first:last], f"{span.look} {LOOK}".strip(), action)
            parts = (span._replace(text=span.text[:first]), inside, span._replace(text=span.text[last:]))
            result.extend(part for part in parts if part.text)
        at += len(span.text)
    return result


def marked_in(lines: Iterable[Line]) -> list[str]:
    """Ids of the terms that are marked in these lines, in order."""
    actions = [span.action for line in lines for span in line.spans if span.action]
    found = [action.removeprefix(PREFIX)[1:-2] for action in actions if action.startswith(PREFIX)]
    return list(dict.fromkeys(found))
