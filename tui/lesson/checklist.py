"""The current step's checks: what must hold, what holds already, and the likeliest slip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.messages import Message, render
from engine.verify import Verdict
from tui.lines import Line, LinesBlock
from tui.words import Say
from tui.wrap import Span, cut, width_of, wrap

UNDONE_SHOWN = 2
"""Broken checks of earlier steps that are named; one of them usually breaks the others."""

NOT_YET = frozenset({"not-there", "not-run"})
"""Diagnoses that say no more than the check itself: nothing was done about it so far."""


@dataclass(frozen=True)
class Checks:
    """Everything the checklist shows."""

    verdicts: tuple[Verdict, ...] = ()
    undone: tuple[Verdict, ...] = ()
    expected: int = 0
    """How many checks the step has, known before they were evaluated."""
    tried: bool = False
    """The learner has run something in this step: only then a failing check says why."""
    expecting: bool = False
    """They have run as many commands as the step shows: then also that something is simply not there yet."""
    runs: frozenset[str] = frozenset()
    """Ids of the checks that look at what was run."""
    state: str = "todo"
    next_title: str | None = None
    """Title of the next step; ``None`` after the last."""
    led: bool = False
    """Somebody else does the step: keys are not told."""
    waiting_step: str | None = None
    """In free play: the step that waits."""


def checklist(checks: Checks, width: int, say: Say, language: str, compact: bool = False) -> list[Line]:
    """The lines of the checklist. ``compact`` keeps to a summary and the first slip."""
    if checks.waiting_step is not None:
        return _free(checks.waiting_step, width, language, compact)
    if checks.state == "todo":
        lines = _summary(checks, width, say, language) if compact else _all(checks, width, say, language)
    else:
        lines = _ended(checks, width, say)
        if not compact:
            lines += [line for verdict in checks.verdicts for line in _verdict(verdict, width, language)]
    for verdict in checks.undone[: 1 if compact else UNDONE_SHOWN]:
        words = Message("tui.checks.undone", {"what": verdict.hint or verdict.observed})
        lines += _told("! ", "bad", words, width, language)
    return lines


def _free(step: str, width: int, language: str, compact: bool) -> list[Line]:
    def say(key: str, **params: str) -> str:
        return render(Message(f"teaching.free.{key}", params), language)

    text = [] if compact else [Line((Span("  "), *spans)) for spans in wrap([Span(say("text"), "dim")], width - 2)]
    back = Span(cut(say("back", step=step), width - 2), "key")
    return [
        Line((Span("◇ ", "pending"), Span(say("title"), "pending strong"))),
        *text,
        Line((Span("  "), back), action="screen.free_play"),
    ]


def _all(checks: Checks, width: int, say: Say, language: str) -> list[Line]:
    passed, total = _counts(checks)
    head = f"{say('checks.title')} {passed}/{total} "
    lines = [Line((Span(head, "strong"), Span("─" * max(0, width - width_of([Span(head)])), "rule")))]
    slip = _slip(checks)
    for verdict in checks.verdicts:
        lines += _verdict(verdict, width, language)
        if verdict is slip and verdict.hint is not None:
            lines += _told("  ✗ ", "bad", verdict.hint, width, language)
    if not checks.verdicts and total:
        lines.append(Line((Span("… ", "pending"), Span(say("checks.waiting"), "dim"))))
    return lines


def _summary(checks: Checks, width: int, say: Say, language: str) -> list[Line]:
    """One line of marks with the first thing that is missing, and the slip below it."""
    passed, total = _counts(checks)
    spans = [Span(say("checks.title") + " ", "dim")]
    spans += [Span("✓", "good") if verdict.passed else Span("○", "pending") for verdict in checks.verdicts]
    spans.append(Span(f" {passed}/{total}  ", "dim"))
    missing = next((verdict for verdict in checks.verdicts if not verdict.passed), None)
    if missing is not None:
        spans.append(Span(cut(_text(_spans(missing.expected, language)), width - width_of(spans))))
    lines = [Line(tuple(spans))]
    if (slip := _slip(checks)) is not None and slip.hint is not None:
        lines += _told("✗ ", "bad", slip.hint, width, language)
    return lines


def _counts(checks: Checks) -> tuple[int, int]:
    return sum(verdict.passed for verdict in checks.verdicts), max(checks.expected, len(checks.verdicts))


def _ended(checks: Checks, width: int, say: Say) -> list[Line]:
    mark, look = ("✓ ", "good") if checks.state == "done" else ("↷ ", "skipped")
    text = say("checks.done" if checks.state == "done" else "checks.skipped")
    onward = say("checks.next", title=checks.next_title) if checks.next_title else say("checks.last")
    if checks.led:
        text = say("checks.over")
        onward = say("checks.then", title=checks.next_title) if checks.next_title else onward
    return [
        Line((Span(mark, look), Span(text, f"{look} strong")), action="screen.explanation"),
        Line((Span("  "), Span(cut(onward, width - 2), "key")), action="screen.next"),
    ]


def _verdict(verdict: Verdict, width: int, language: str) -> list[Line]:
    spans = _spans(verdict.expected, language)
    if verdict.passed:
        return [Line((Span("✓ ", "good"), Span(cut(_text(spans), width - 2), "dim")))]
    first, *rest = wrap(spans, width - 2)
    return [Line((Span("○ ", "pending"), *first)), *(Line((Span("  "), *more)) for more in rest)]


def _slip(checks: Checks) -> Verdict | None:
    """The first failing check that says what went wrong; none before the learner has tried anything."""
    if not checks.tried:
        return None
    failing = [verdict for verdict in checks.verdicts if not verdict.passed and verdict.hint is not None]
    not_yet = NOT_YET | ({"ran-elsewhere"} if _on_the_way(checks) else set())
    telling = [verdict for verdict in failing if verdict.diagnosis not in not_yet]
    return next(iter(telling or (failing if checks.expecting else ())), None)


def _on_the_way(checks: Checks) -> bool:
    """Of several commands some have been run as they should be: that the others did not run elsewhere is no slip."""
    return not checks.expecting and any(one.passed and one.check in checks.runs for one in checks.verdicts)


def _told(mark: str, look: str, message: Message, width: int, language: str) -> list[Line]:
    first, *rest = wrap(_spans(message, language), width - len(mark))
    return [Line((Span(mark, look), *first)), *(Line((Span(" " * len(mark)), *more)) for more in rest)]


def _spans(message: Message, language: str) -> tuple[Span, ...]:
    """The words with names and commands, which stand between backticks, in the look of code."""
    pieces = render(message, language).split("`")
    return tuple(Span(piece, "code" if index % 2 else "") for index, piece in enumerate(pieces) if piece)


def _text(spans: Sequence[Span]) -> str:
    return "".join(span.text for span in spans)


class Checklist(LinesBlock):
    """See :func:`checklist`."""

    def __init__(self, say: Say, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._say = say
        self._checks = Checks()
        self._language = "en"
        self.compact = False

    def show(self, checks: Checks, language: str, compact: bool) -> None:
        """Show these checks; does nothing if they are shown already."""
        if (checks, language, compact) != (self._checks, self._language, self.compact):
            self._checks, self._language, self.compact = checks, language, compact
            self.changed()

    def lines(self, width: int) -> Sequence[Line]:
        return checklist(self._checks, width, self._say, self._language, self.compact)
