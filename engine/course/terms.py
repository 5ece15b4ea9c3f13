"""Finding the glossary's terms: where a text speaks of one, and which entries a search is after. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from engine.course.model import Term

_LATIN = r"A-Za-z0-9_"
_SHUT = "\x00"
"""Stands where code is: no word reaches across it."""


class Mention(NamedTuple):
    """``text[start:end]`` speaks of the term with that id."""

    start: int
    end: int
    term: str


class Mentions:
    """Finds the words of a glossary in texts of one language; make it once for many texts."""

    def __init__(self, terms: Iterable[Term], language: str) -> None:
        self._exact: dict[str, str] = {}
        self._loose: dict[str, str] = {}
        for term in terms:
            for word in term.words_in(language):
                self._exact.setdefault(word, term.id)
                self._loose.setdefault(word.lower(), term.id)
        longest = sorted(self._exact, key=len, reverse=True)
        self._pattern = re.compile("|".join(_pattern(word) for word in longest)) if longest else None

    def find(self, pieces: Sequence[tuple[str, bool]]) -> list[Mention]:
        """The mentions in the text that the pieces make up, in order.

        A piece is ``(text, is code)``. Code mentions a term only if it is nothing but the word (``MASQUERADE``, not
        ``iptables --jump MASQUERADE``), as it is written in the glossary.
        """
        found: list[Mention] = []
        prose = ""
        for text, code in pieces:
            if code and text in self._exact:
                found.append(Mention(len(prose), len(prose) + len(text), self._exact[text]))
            prose += _SHUT * len(text) if code else text
        for match in self._pattern.finditer(prose) if self._pattern else ():
            found.append(Mention(match.start(), match.end(), self._term(match.group())))
        return sorted(found)

    def _term(self, word: str) -> str:
        word = " ".join(word.split())
        low = word.lower()
        for name in (word, low, low.removesuffix("s"), low.removesuffix("es")):
            if name in self._exact or name in self._loose:
                return self._exact.get(name) or self._loose[name]
        raise LookupError(word)


def _pattern(word: str) -> str:
    """Small letters match capitals too and take a plural ending; a word with a capital in it is a name."""
    text = re.escape(word).replace(r"\ ", r"\s")
    if word == word.lower() and word[-1:].isascii() and word[-1:].isalpha() and "_" not in word:
        text = f"(?i:{text}(?:e?s)?)"
    before = rf"(?<![{_LATIN}./-])" if re.match(rf"[{_LATIN}]", word) else ""
    after = rf"(?![{_LATIN}/-])" if re.search(rf"[{_LATIN}]\Z", word) else ""
    return before + text + after


def search(terms: Sequence[Term], query: str, language: str) -> tuple[Term, ...]:
    """The terms that answer the query: those so called first, then those with every word of it in their entry."""
    wanted = query.lower().split()
    if not wanted:
        return tuple(terms)
    ranked: list[tuple[int, int, Term]] = []
    for place, term in enumerate(terms):
        names = [name.lower() for name in (term.id, term.title.in_language(language), *term.words_in("zh"))]
        phrase, known = " ".join(wanted), " ".join(names)
        if phrase in names:
            rank = 0
        elif all(word in known for word in wanted):
            rank = 1 if any(name.startswith(phrase) for name in names) else 2
        elif all(word in f"{known} {term.text.in_language(language)}".lower() for word in wanted):
            rank = 3
        else:
            continue
        ranked.append((rank, place, term))
    return tuple(term for _, _, term in sorted(ranked, key=lambda one: one[:2]))


def by_id(terms: Iterable[Term], term_id: str) -> Term | None:
    """The term with that id."""
    return next((term for term in terms if term.id == term_id), None)
