"""A command line cut into its parts: what each is for, and what to look for in the manual of its program. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from engine.course.reasons import JOINTS, Reason, reasons, words_of
from engine.manual.subject import ASSIGNMENT, Subject, extended, subject
from engine.messages import Message

_ENTERING = ("ip netns exec ", "nsenter ")
_TARGETS = ("-j", "--jump", "-g", "--goto")
_PLAIN_TARGETS = ("ACCEPT", "DROP", "QUEUE", "RETURN")
_MATCHES = ("-m", "--match", "--ctstate", "--dport", "--sport", "--to-source", "--to-destination", "--comment")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part, as typed."""

    text: str
    reason: Message | None = None
    """What it is for, if the course knows."""
    subject: Subject | None = None
    """The program it belongs to; ``None`` for what joins commands."""
    sought: tuple[str, ...] = ()
    """What its description in the manual begins with; the first that is found counts."""
    section: str = ""
    """The part of the manual that it is sought in first."""
    begins: bool = False
    """It is the program's name, and perhaps its subcommand."""


def parts(command: str) -> tuple[Part, ...]:
    """The parts of ``command``, in order."""
    found: list[Part] = []
    here: Subject | None = None
    known = reasons(command)
    for index, one in enumerate(known):
        if one.part in JOINTS:
            found.append(Part(text=one.part, reason=one.words))
            here = None
            continue
        if here is None and ASSIGNMENT.match(one.part):
            found.append(Part(text=one.part, reason=one.words))
            continue
        begins = here is None
        if here is None:
            rest = " ".join(other.part for other in _until_joint(known[index:]))
            here = subject(words_of(rest))
        found.append(_part(one.part, one.words, here, begins))
        if one.part == "sudo" or (one.words is not None and one.part.startswith(_ENTERING)):
            here = None
    return tuple(found)


def first_of_interest(found: tuple[Part, ...]) -> int:
    """The part that the learner most likely wonders about: the first program behind ``sudo`` and ``ip netns exec``."""
    for index, part in enumerate(found):
        if part.begins and part.text != "sudo" and not part.text.startswith(_ENTERING):
            return index
    return 0


def _until_joint(known: Sequence[Reason]) -> Iterator[Reason]:
    for one in known:
        if one.part in JOINTS:
            return
        yield one


def _part(text: str, reason: Message | None, here: Subject | None, begins: bool) -> Part:
    words = words_of(text)
    if here is None:
        return Part(text=text, reason=reason, begins=begins)
    if begins:
        options = [one for word in words[1:] if word.startswith("-") for one in _spellings(word.partition("=")[0])]
        phrases = (here.phrase, here.phrase.removesuffix(" list") + " show")
        sought = (*(phrases if here.phrase.endswith(" list") else phrases[:1]), *options)
        return Part(text=text, reason=reason, subject=here, sought=tuple(filter(None, sought)), begins=True)
    first = words[0].partition("=")[0]
    value = words[1].strip("'\"") if len(words) > 1 else ""
    own = first not in _MATCHES and (first not in _TARGETS or value in _PLAIN_TARGETS)
    if re.fullmatch(r"ip6?tables", here.program) and not own:
        named = (value,) if first in (*_TARGETS, *_MATCHES[:3]) else ()
        return Part(text=text, reason=reason, subject=extended(here), sought=(*named, first))
    if not here.phrase and not first.startswith("-"):
        return Part(text=text, reason=reason, subject=here)
    return Part(text=text, reason=reason, subject=here, sought=_spellings(first), section=here.phrase)


def _spellings(word: str) -> tuple[str, ...]:
    """``-ltnp`` may be four options: then its first one is sought."""
    if not word.startswith("-") and len(word) < 2:  # an abbreviation
        return ()
    if word.startswith("-") and not word.startswith("--") and len(word) > 2:
        return word, word[:2]
    return (word,)
