"""What the lesson pane shows, as data: the lesson up to the current step, with its questions and panels. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.course.model import Lesson, Prediction, Step
from engine.session.performer import INTERRUPT
from tui.lesson.markdown import Block, Fence, parse
from tui.lesson.solution import solution


@dataclass(frozen=True)
class Heading:
    """A step's title; ``state`` is ``todo``, ``done`` or ``skipped``."""

    number: str
    text: str
    state: str
    current: bool
    anchor: str


@dataclass(frozen=True)
class Title:
    """The lesson's title."""

    number: int
    text: str
    minutes: int


@dataclass(frozen=True)
class Commands:
    """A fence of commands for one terminal: ``rows`` are (``command``, ``continued`` or ``output``; text)."""

    terminal: str
    rows: tuple[tuple[str, str], ...]
    step: str | None = None


@dataclass(frozen=True)
class Question:
    """A question asked before a command; ``answer`` is the index of what the learner chose."""

    prediction: Prediction
    key: str
    answer: int | None
    language: str
    over: bool = True
    """The command has been run: which answer was right is no secret any more."""
    note: str = ""
    """A word on the answer that was given."""


@dataclass(frozen=True)
class Panel:
    """A boxed text of some kind: ``hint``, ``explanation``, ``recap`` or ``docker``. ``label`` is its heading."""

    kind: str
    label: str
    blocks: tuple[Block, ...]
    anchor: str


@dataclass(frozen=True)
class Upcoming:
    """A later step's title, without its text."""

    number: str
    text: str


@dataclass(frozen=True)
class Section:
    """Items that belong to one step, or to none; ``current`` ones get the bar at the left."""

    items: tuple[object, ...]
    current: bool = False


@dataclass(frozen=True)
class Reading:
    """Where the learner is: everything the document depends on besides the lesson."""

    step: Step
    language: str
    states: Mapping[str, str] = field(default_factory=dict)
    """By step id; a step without a state is to do."""
    hints: Mapping[str, int] = field(default_factory=dict)
    """How many hints are shown, by step id."""
    answers: Mapping[str, int] = field(default_factory=dict)
    """Answers given, by the question's key."""
    over: frozenset[str] | None = None
    """Keys of the questions whose outcome is known; ``None``: an answer is judged as soon as it is given."""
    solutions: Mapping[str, int] = field(default_factory=dict)
    """Which command is explained, counted from 1, by step id."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Headings of panels in the learner's language (hint, solution, explanation, recap, docker), and what is said of
    a guess (guess-yours, guess-held, guess-missed) and, as ``guess-``, how one is made."""


def document(lesson: Lesson, reading: Reading) -> tuple[Section, ...]:
    """The sections of the lesson from its title to the steps that are still to come; an earlier lesson as a whole."""
    language = reading.language
    title = Title(lesson.number, lesson.title.in_language(language), lesson.minutes)
    sections = [Section((title, *parse(lesson.intro.in_language(language))))]
    index = next((i for i, step in enumerate(lesson.steps) if step.id == reading.step.id), None)
    passed = index is None or reading.states.get(reading.step.id, "todo") != "todo"
    if index is None:
        index = len(lesson.steps) - 1
    for step in lesson.steps[: index + 1]:
        sections.append(_step(step, reading))
    if upcoming := lesson.steps[index + 1 :]:
        sections.append(Section(tuple(Upcoming(step.number, step.title.in_language(language)) for step in upcoming)))
    elif passed:
        ends = {"recap": lesson.recap.in_language(language), "docker": lesson.docker.in_language(language)}
        panels = [_panel(kind, reading.labels.get(kind, ""), text, kind) for kind, text in ends.items() if text.strip()]
        sections.append(Section(tuple(panels)))
    return tuple(section for section in sections if section.items)


def _step(step: Step, reading: Reading) -> Section:
    state = reading.states.get(step.id, "todo")
    current = step.id == reading.step.id
    items: list[object] = [Heading(step.number, step.title.in_language(reading.language), state, current, step.id)]
    items.extend(body(step, reading))
    labels = reading.labels
    for index, hint in enumerate(step.hints[: reading.hints.get(step.id, 0)]):
        label = f"{labels.get('hint', '')} {index + 1}/{len(step.hints)}".strip()
        items.append(_panel("hint", label, hint.in_language(reading.language), f"{step.id}#hint{index}"))
    shown = reading.solutions.get(step.id, 0)
    if 0 < shown <= len(step.commands) and step.commands[shown - 1].text != INTERRUPT:
        text = solution(step.commands[shown - 1], reading.language)
        items.append(_panel("solution", labels.get("solution", ""), text, f"{step.id}#solution"))
    explanation = step.explanation.in_language(reading.language)
    if state != "todo" and explanation.strip():
        items.append(_panel("explanation", labels.get("explanation", ""), explanation, f"{step.id}#explanation"))
    return Section(tuple(items), current)


def _panel(kind: str, label: str, text: str, anchor: str) -> Panel:
    return Panel(kind, label, parse(text), anchor)


def body(step: Step, reading: Reading) -> list[object]:
    """The step's text: its fences as commands, each question before the command that answers it."""
    items: list[object] = []
    waiting = list(enumerate(step.predictions))
    commands = 0
    for block in parse(step.body.in_language(reading.language)):
        fence = commands_of(block, step.id) if isinstance(block, Fence) else None
        if fence is not None and fence.terminal != "docker":
            count = sum(kind == "command" for kind, _ in fence.rows)
            while waiting and waiting[0][1].before < commands + count:
                items.append(_question(step, *waiting.pop(0), reading))
            commands += count
        items.append(fence or block)
    items.extend(_question(step, *one, reading) for one in waiting)
    return items


def _question(step: Step, index: int, prediction: Prediction, reading: Reading) -> Question:
    key = f"{step.id}?{index}"
    answer = reading.answers.get(key)
    over = answer is not None if reading.over is None else key in reading.over
    word = ""
    if answer is not None:
        word = "yours" if not over else ("held" if answer == prediction.right else "missed")
    note = reading.labels.get(f"guess-{word}", "") if word or not over else ""
    return Question(prediction, key, answer, reading.language, over, note)


def commands_of(fence: Fence, step: str | None = None) -> Commands | None:
    """The commands of a ``console`` fence; ``None`` for any other."""
    words = fence.info.split()
    if not words or words[0] != "console":
        return None
    terminal = words[1] if len(words) > 1 else "T1"
    rows: list[tuple[str, str]] = []
    for line in fence.text.split("\n"):
        if line.startswith("$ "):
            rows.append(("command", line[2:]))
        elif line.startswith("> ") and rows and rows[-1][0] in ("command", "continued"):
            rows.append(("continued", line[2:]))
        else:
            rows.append(("output", line))
    return Commands(terminal, tuple(rows), step)
