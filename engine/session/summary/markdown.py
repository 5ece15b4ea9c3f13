"""A summary as Markdown: to be kept, printed or put where others see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.messages import Message, render
from engine.session.summary.data import LessonSummary, Summary, duration, prediction_words, step_words

_MARKDOWN = str.maketrans({character: f"\\{character}" for character in "\\`*_{}[]<>#|"})


def as_markdown(summary: Summary, language: str, *, name: str | None = None) -> str:
    """The document; ``name`` is whose it is."""

    def tell(message: Message) -> str:
        return render(message, language)

    def say(key: str, **params: Any) -> str:
        return tell(Message(f"teaching.summary.{key}", params))

    lines = [f"# {say('title')}", ""]
    if name:
        lines += [f"**{name.translate(_MARKDOWN)}**", ""]
    if summary.finished:
        lines += [say("finished-on", day=summary.finished_on) if summary.finished_on else say("finished"), ""]
    else:
        lines += [say("so-far", percent=summary.percent), ""]
    lines += [
        "| | |",
        "|---|---|",
        f"| {say('steps')} | {tell(step_words(summary.done, summary.skipped, summary.steps))} |",
        f"| {say('time')} | {tell(duration(summary.seconds))} |",
        f"| {say('predictions')} | {tell(prediction_words(summary.predictions))} |",
        f"| {say('hints')} | {summary.hints} |",
        "",
    ]
    begun = [lesson for lesson in summary.lessons if lesson.done + lesson.skipped]
    if begun:
        lines += [f"## {say('can')}", ""]
        for lesson in begun:
            lines += _lesson(lesson, language, say, tell)
    if summary.next_step and summary.next_title:
        title = summary.next_title.in_language(language)
        lines += [f"## {say('next')}", "", f"{summary.next_step} {title}", ""]
    elif summary.finished:
        lines += [f"## {say('next')}", "", say("next-finished"), ""]
    lines += ["---", "", say("foot"), ""]
    return "\n".join(lines)


def _lesson(lesson: LessonSummary, language: str, say: Callable[..., str], tell: Callable[[Message], str]) -> list[str]:
    facts = [tell(step_words(lesson.done, lesson.skipped, lesson.steps))]
    if lesson.seconds >= 60:
        facts.append(tell(duration(lesson.seconds)))
    if lesson.predictions.answered:
        guesses = {"held": lesson.predictions.held, "answered": lesson.predictions.answered}
        facts.append(tell(Message("teaching.predictions.counted", guesses)))
    lines = [f"### {lesson.number} {lesson.title.in_language(language)}", "", f"*{say('separator').join(facts)}*", ""]
    recap = lesson.recap.in_language(language).strip()
    if lesson.finished and recap:
        lines += [recap, ""]
    return lines
