"""What the commands share: options, how the course is loaded, how errors are told."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from engine.course.model import LANGUAGES, Course, Step
from engine.language import detect_language
from engine.messages import Message, render
from tui.commands.basics import EXIT_NO_LAB as EXIT_NO_LAB
from tui.commands.basics import EXIT_NOT_PASSED as EXIT_NOT_PASSED
from tui.commands.basics import EXIT_USAGE as EXIT_USAGE
from tui.commands.basics import Shared as Shared
from tui.commands.completing import complete_step
from tui.settings import THEME_CHOICES

T = TypeVar("T")
FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


def _help(key: str) -> str:
    return render(Message(f"cli.{key}", {}), detect_language())


lessons = click.option("--lessons", metavar="DIR", help=_help("help.lessons"))
language = click.option("--lang", type=click.Choice(LANGUAGES), help=_help("help.lang"))
theme_option = click.option("--theme", type=click.Choice(THEME_CHOICES), help=_help("help.theme"))
tour_option = click.option("--tour/--no-tour", default=None, help=_help("help.tour"))
step_option = click.option("--step", metavar="STEP", shell_complete=complete_step, help=_help("help.step"))
json = click.option("--json", "as_json", is_flag=True, help=_help("help.json"))
iptables = click.option("--iptables", type=click.Choice(["nft", "legacy"]), help=_help("help.iptables"))


def common(function: FunctionT) -> FunctionT:
    """``--lessons``, ``--lang`` and ``--json``, which every headless command takes."""
    return lessons(language(json(function)))


class Context(msgspec.Struct):
    """What a command works with, options resolved."""

    language: str
    as_json: bool
    lessons: Path | None

    @classmethod
    def of(cls, context: click.Context, lessons: str | None, lang: str | None, as_json: bool) -> Context:
        shared = context.obj if isinstance(context.obj, Shared) else Shared()
        chosen = lessons or shared.lessons
        return cls(lang or shared.language or detect_language(), as_json, Path(chosen) if chosen else None)

    def say(self, key: str, **params: object) -> str:
        """A text of the command line in the chosen language."""
        return render(Message(f"cli.{key}", params), self.language)

    def tell(self, message: Message) -> str:
        return render(message, self.language)

    def course(self) -> Course:
        """The course; a course that cannot be read ends the program with every problem and exit code 2."""
        from engine.course import CourseError, load_course

        try:
            return load_course(self.lessons)
        except CourseError as error:
            for problem in error.problems:
                click.echo(problem.render(self.language), err=True)
            click.echo(self.say("course-unreadable", count=len(error.problems)), err=True)
            sys.exit(EXIT_USAGE)

    def step(self, course: Course, reference: str) -> Step:
        """The step with that id or number; an unknown one is a usage error that names the near ones."""
        try:
            return course.step(reference)
        except LookupError:
            import difflib

            ids = [step.id for step in course.steps]
            near = difflib.get_close_matches(reference, ids, n=3, cutoff=0.4)
            text = self.say("no-step", step=reference)
            if near:
                text += " " + self.say("did-you-mean", names=", ".join(near))
            click.echo(text + " " + self.say("see-list"), err=True)
            sys.exit(EXIT_USAGE)


def print_json(data: object) -> None:
    """One JSON document on standard output."""
    click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())


def run(context: Context, work: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine; no lab, a spoilt one, or Ctrl-C ends the program with a sentence and its exit code."""
    from engine.lab import LabError
    from engine.session.replay import ReplayError

    try:
        return asyncio.run(work)
    except LabError as error:
        click.echo(context.tell(error.message), err=True)
        if error.message.key.startswith("lab.lost."):  # a lab there was, and what was typed has ended it
            sys.exit(EXIT_NOT_PASSED)
        click.echo(context.say("ask-doctor"), err=True)
        sys.exit(EXIT_NO_LAB)
    except ReplayError as error:
        click.echo(context.tell(error.message), err=True)
        sys.exit(EXIT_NOT_PASSED)
    except KeyboardInterrupt:
        sys.exit(130)
