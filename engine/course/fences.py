"""``console`` fences: the words behind ``console``, and the commands with their output."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.course.data import near
from engine.course.markdown import Fence
from engine.course.model import Command
from engine.course.problems import Problems

INTERRUPT = "^C"
DOCKER = "docker"
TERMINALS = tuple(f"T{number}" for number in range(1, 10))
WORDS = ("look", "exit=…", "runs", "interrupt", DOCKER, *TERMINALS[:3], "…")


@dataclass(frozen=True)
class Typed:
    """What stands behind one prompt, continued lines included, and the lines below it; ``line`` is the prompt's."""

    text: str
    shows: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class How:
    """The words behind ``console``: the terminal (``docker``: another machine) and what is special."""

    terminal: str
    look: bool = False
    exit: int | str = 0
    runs: bool = False
    interrupt: bool = False


def is_console(fence: Fence) -> bool:
    return fence.info.split()[:1] == ["console"]


def read_how(fence: Fence, problems: Problems) -> How:
    """The words behind ``console``; unknown ones, and ones that contradict each other, are problems."""
    words = fence.info.split()[1:]
    terminals = [word for word in words if word in TERMINALS or word == DOCKER]
    flags: dict[str, int | str | bool] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if word in terminals:
            continue
        if word in ("look", "runs", "interrupt"):
            flags[word] = True
        elif name == "exit" and equals:
            code = _exit_code(value)
            if code is None:
                problems.add(fence.line, "bad-exit", value=value)
            else:
                flags["exit"] = code
        elif re.fullmatch(r"[Tt]\d*", word):
            problems.add(fence.line, "unknown-terminal", word=word)
            terminals.append(TERMINALS[0])
        else:
            problems.add(fence.line, "unknown-fence-word", word=word, near=near(word, WORDS))
    if not terminals:
        problems.add(fence.line, "no-terminal")
    elif len(terminals) > 1:
        problems.add(fence.line, "two-terminals", words=", ".join(terminals))
    terminal = terminals[0] if terminals else TERMINALS[0]
    if flags and terminal == DOCKER:
        problems.add(fence.line, "fence-contradiction", first=DOCKER, second=next(iter(flags)))
    for other in ("interrupt", "exit", "look"):
        if "runs" in flags and other in flags:
            problems.add(fence.line, "fence-contradiction", first="runs", second=other)
    return How(terminal, **flags)  # type: ignore[arg-type]


def _exit_code(value: str) -> int | str | None:
    if value == "failure":
        return value
    return int(value) if value.isdecimal() and value.isascii() and int(value) < 256 else None


def read_typed(fence: Fence, problems: Problems) -> list[Typed]:
    """The commands of a fence in order. Lines above the first prompt, and a fence without one, are problems."""
    typed: list[Typed] = []
    text: list[str] = []
    shows: list[str] = []
    start = 0

    def finish() -> None:
        if text:
            while shows and not shows[-1].strip():
                shows.pop()
            typed.append(Typed("\n".join(text).strip(), tuple(shows), start))

    for number, line in enumerate(fence.text.split("\n"), fence.line + 1):
        if line.startswith("$ "):
            finish()
            text, shows, start = [line[2:]], [], number
            if not line[2:].strip():
                problems.add(number, "empty-command")
        elif line == "$":
            problems.add(number, "empty-command")
        elif line.startswith("> ") and text and not shows:
            text.append(line[2:])
        elif text:
            shows.append(line)
        elif line.strip():
            problems.add(number, "output-without-command")
    finish()
    if not typed:
        problems.add(fence.line, "fence-without-command")
    return typed


def read_commands(fence: Fence, problems: Problems) -> list[tuple[Command, int]]:
    """The commands of a fence for the lab with their lines; none for a ``docker`` fence."""
    how, typed = read_how(fence, problems), read_typed(fence, problems)
    if how.terminal == DOCKER:
        return []
    started = [one for one in typed if one.text != INTERRUPT]
    if how.runs and len(started) > 1:
        problems.add(started[1].line, "runs-then-more", terminal=how.terminal)
    return [(_command(one, how), one.line) for one in typed if one.text]


def _command(typed: Typed, how: How) -> Command:
    if typed.text == INTERRUPT:
        return Command(text=INTERRUPT, terminal=how.terminal, shows=typed.shows)
    return Command(
        text=typed.text,
        terminal=how.terminal,
        namespace=namespace_of(typed.text) or "host",
        exit=how.exit,
        look=how.look or how.interrupt or how.exit != 0,
        runs=how.runs,
        interrupt=how.interrupt,
        shows=typed.shows,
    )


_PLAIN = re.compile(r"(?:sudo )?ip netns exec ([\w.-]+) (?!.*(?:netns|nsenter|\s-n))[^;|&()`$<>'\"\n]+")


@lru_cache(maxsize=1024)
def namespace_of(text: str) -> str | None:
    """Where the network work of a command line happens; ``None``: where it is typed.

    A course has hundreds of lines, nearly all without a namespace or in the plain form: only the others are parsed.
    """
    if "netns" not in text and "nsenter" not in text and " -n" not in text:
        return None
    if plain := _PLAIN.fullmatch(text):
        return plain.group(1)
    from engine.verify.commandline import namespace_of as of_line

    return of_line(text)
