"""A step as a talk: what is read, asked, typed and explained, in order. Pure."""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.course.fences import DOCKER, is_console, read_how, read_typed
from engine.course.markdown import Fence, read_blocks
from engine.course.model import Command, Course, Prediction, Step, Text
from engine.course.problems import Problems
from engine.session.autopilot.reading import looking_seconds, reading_seconds
from engine.session.autopilot.rhythm import typing_seconds
from engine.session.performer import INTERRUPT, SILENCE_SECONDS

ASK_SECONDS = 3.0
"""For thinking of an answer, beyond reading the question."""
REVEAL_SECONDS = 2.0
COMMAND_SECONDS = 0.15
SERVER_SECONDS = 0.6
PING_SECONDS = 1.1


class Read(msgspec.Struct, frozen=True):
    """Words of the lesson."""

    text: Text


class Ask(msgspec.Struct, frozen=True):
    """The step's question with that index."""

    index: int
    prediction: Prediction


class Reveal(msgspec.Struct, frozen=True):
    """Its right answer."""

    index: int
    prediction: Prediction


class Perform(msgspec.Struct, frozen=True):
    """Type the step's command with that index and see it through."""

    index: int
    command: Command


class Verify(msgspec.Struct, frozen=True):
    """The step's checks."""


class Explain(msgspec.Struct, frozen=True):
    """What happened, and at the end of a lesson its recap."""

    text: Text


class Advance(msgspec.Struct, frozen=True):
    """The pause before the next step."""


Beat = Read | Ask | Reveal | Perform | Verify | Explain | Advance


def script(course: Course, step: Step) -> tuple[Beat, ...]:
    """The beats of a step. The words of its lesson stand before its first and after its last step."""
    lesson = course.lesson_of(step)
    beats: list[Beat] = []
    if step is lesson.steps[0]:
        beats.append(Read(lesson.intro))
    asked = 0
    performed = 0
    for words, count in _parts(step):
        beats.append(Read(words))
        for _ in range(count):
            while asked < len(step.predictions) and step.predictions[asked].before <= performed:
                beats += [Ask(asked, step.predictions[asked]), Reveal(asked, step.predictions[asked])]
                asked += 1
            beats.append(Perform(performed, step.commands[performed]))
            performed += 1
    beats.append(Verify())
    beats.append(Explain(step.explanation))
    if step is lesson.steps[-1]:
        beats += [Explain(lesson.recap), Explain(lesson.docker)]
    beats.append(Advance())
    return tuple(beat for beat in beats if not isinstance(beat, Read | Explain) or beat.text.en.strip())


def _parts(step: Step) -> list[tuple[Text, int]]:
    """The words before each group of commands, with their number; the last group may have none."""
    english = _cut(step.body.en)
    total = len(step.commands)
    if step.unguided or sum(count for _, count in english) != total:
        return [(step.body, total)]
    chinese = _cut(step.body.zh) if step.body.zh else []
    if [count for _, count in chinese] != [count for _, count in english]:
        chinese = []
    return [
        (Text(words, (chinese[index][0] or None) if chinese else None), count)
        for index, (words, count) in enumerate(english)
    ]


def _cut(body: str) -> list[tuple[str, int]]:
    lines = body.split("\n")
    parts: list[tuple[str, int]] = []
    start = 0
    for fence, count in command_fences(body):
        parts.append(("\n".join(lines[start : fence.line - 1]).strip(), count))
        start = fence.end - 1
    rest = "\n".join(lines[start:]).strip()
    return [*parts, (rest, 0)] if rest else parts


def command_fences(body: str) -> list[tuple[Fence, int]]:
    """The fences of a text whose commands are run in the lab, with the number of commands in each."""
    scratch = Problems(Path())
    fences = [block for block in read_blocks(body, scratch) if isinstance(block, Fence) and is_console(block)]
    return [
        (fence, sum(bool(typed.text) for typed in read_typed(fence, scratch)))
        for fence in fences
        if read_how(fence, scratch).terminal != DOCKER
    ]


def paced_seconds(beat: Beat, language: str) -> float:
    """How long a beat takes at speed 1, apart from what commands take for themselves."""
    match beat:
        case Read(text) | Explain(text):
            return reading_seconds(text.in_language(language))
        case Ask(_, prediction):
            texts = (prediction.question, *prediction.answers)
            return sum(reading_seconds(text.in_language(language)) for text in texts) + ASK_SECONDS
        case Reveal():
            return REVEAL_SECONDS
        case Perform(_, command):
            typing = 0.4 if command.text == INTERRUPT else typing_seconds(command.text)
            return typing + looking_seconds(len(command.shows), changes=not command.look)
    return 0.0


def own_seconds(beat: Beat) -> float:
    """What a command takes for itself, whatever the speed: an estimate from what the lesson says about it."""
    if not isinstance(beat, Perform):
        return 0.2 if isinstance(beat, Verify) else 0.0
    command = beat.command
    if command.runs:
        return SERVER_SECONDS
    if command.interrupt:
        return SILENCE_SECONDS if command.exit != 0 else PING_SECONDS
    return COMMAND_SECONDS
