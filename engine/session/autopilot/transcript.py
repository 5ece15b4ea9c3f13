"""The talk as Markdown: the lessons' words, and below each command what it really printed and how it ended."""

from __future__ import annotations

from collections.abc import Callable

from engine.course.fences import read_typed
from engine.course.model import Step
from engine.course.problems import Problems
from engine.messages import Message, render
from engine.session.autopilot import events
from engine.session.autopilot.script import command_fences
from engine.session.performer import INTERRUPT, Performed
from engine.session.session import Session
from engine.verify import Verdict


class Transcript:
    """Hears an autopilot's events and hands on Markdown, a step at a time, as soon as the step is over."""

    def __init__(self, session: Session, write: Callable[[str], None]) -> None:
        self._session = session
        self._write = write
        self._step: Step | None = None
        self._lesson: str | None = None
        self._performed: dict[int, tuple[Performed, str]] = {}

    def hear(self, event: events.Event) -> None:
        """Take note; for ``Autopilot.subscribe``."""
        match event:
            case events.StepBegan(step):
                self._finish()
                self._begin(step)
            case events.CommandPerformed(_, index, performed):
                self._performed[index] = (performed, self._output(performed))
            case events.StepVerified(step, verdicts):
                self._verified(step, verdicts)
            case events.Stopped(_, reason):
                self._finish()
                self._say(f"**{self._words('transcript.stopped')}** {render(reason, self._language)}")
            case events.RoundFinished():
                self._finish()
                self._lesson = None

    @property
    def _language(self) -> str:
        return self._session.language

    def _words(self, key: str, **params: object) -> str:
        return render(Message(f"demo.{key}", params), self._language)

    def _say(self, text: str) -> None:
        if text.strip():
            self._write(text.strip("\n") + "\n\n")

    def _output(self, performed: Performed) -> str:
        if performed.run is not None:
            return performed.run.output
        shell = self._session.terminals.get(performed.command.terminal)
        return shell.running.output if shell is not None and shell.running is not None else ""

    def _begin(self, step: Step) -> None:
        lesson = self._session.course.lesson_of(step)
        language = self._language
        if lesson.id != self._lesson:
            self._lesson = lesson.id
            self._say(f"# {lesson.number} {lesson.title.in_language(language)}")
            if step is lesson.steps[0]:
                self._say(lesson.intro.in_language(language))
        self._say(f"## {step.number} {step.title.in_language(language)}")
        self._step, self._performed = step, {}

    def _finish(self) -> None:
        """A step that did not come to its checks: what was done of it."""
        step, self._step = self._step, None
        if step is not None and self._performed:
            self._say(self._body(step))

    def _verified(self, step: Step, verdicts: tuple[Verdict, ...]) -> None:
        language = self._language
        if self._step is not None:  # else its commands stand there already: the checks are tried once more
            self._say(self._body(step))
        self._step = None
        marks = [("✓" if one.passed else "✗", render(one.expected, language)) for one in verdicts]
        self._say("\n".join(f"- {mark} {text}" for mark, text in marks))
        if not all(one.passed for one in verdicts):
            return
        self._say(step.explanation.in_language(language))
        lesson = self._session.course.lesson_of(step)
        if step is lesson.steps[-1]:
            for key, text in (("recap", lesson.recap), ("docker", lesson.docker)):
                if words := text.in_language(language).strip():
                    self._say(f"### {self._words(f'transcript.{key}')}\n\n{words}")

    def _body(self, step: Step) -> str:
        """The step's words with the real outcome in each fence; commands that no fence shows stand below."""
        body = step.body.in_language(self._language)
        lines = body.split("\n")
        parts: list[str] = []
        start = number = 0
        fences = [] if step.unguided else command_fences(body)
        for fence, _ in fences:
            parts.append("\n".join(lines[start : fence.line - 1]))
            count = sum(bool(typed.text) for typed in read_typed(fence, Problems(step.path)))
            parts.append(self._fence(fence.info, range(number, number + count)))
            number += count
            start = fence.end - 1
        parts.append("\n".join(lines[start:]))
        for index in range(number, len(step.commands)):
            parts.append(self._fence(f"console {step.commands[index].terminal}", range(index, index + 1)))
        return "\n\n".join(part.strip("\n") for part in parts if part.strip())

    def _fence(self, info: str, indexes: range) -> str:
        rows = [row for index in indexes if index in self._performed for row in self._outcome(*self._performed[index])]
        if not rows:
            return ""
        text = "\n".join(rows)
        ticks = "```"
        while ticks in text:
            ticks += "`"
        return f"{ticks}{info}\n{text}\n{ticks}"

    def _outcome(self, performed: Performed, output: str) -> list[str]:
        """The prompt with the command, what it printed, and how it ended if that does not show."""
        command = performed.command
        first, *more = command.text.split("\n")
        rows = [f"$ {first}", *(f"> {line}" for line in more), *output.rstrip().splitlines()]
        run = performed.run
        if run is not None and run.exit:
            rows.append(f"✗ {self._words('transcript.exit', exit=run.exit)}")
        elif command.runs and run is None and performed.problem is None:
            rows.append(f"▸ {self._words('transcript.runs', terminal=command.terminal)}")
        elif performed.problem is not None and run is None:
            rows.append(f"✗ {self._words('stopped.command', command=command.text, terminal=command.terminal)}")
        elif len(rows) == 1 and command.text != INTERRUPT:
            rows.append("✓")
        return rows
