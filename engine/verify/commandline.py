"""What a command line really runs, and where: behind ``sudo``, ``ip netns exec``, ``nsenter``, ``bash -c`` …"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine.verify.shell import SimpleCommand, simple_commands
from engine.verify.wrappers import EACH, UNKNOWN, ip_namespace, unwrap, without_assignments

DEEPEST = 12
"""How many scripts and wrappers inside each other are followed."""
SHELLS = frozenset({"bash", "sh", "dash", "ash", "zsh", "ksh"})


@dataclass(frozen=True)
class Invocation:
    """One program that a command line runs."""

    program: str
    """Its name without the directory."""
    words: tuple[str, ...]
    """Its command line, the program's name first."""
    namespace: str | None = None
    """The network namespace it works in: ``None`` the shell's own, ``?`` one that cannot be told, ``*`` every named
    one, ``pid:N`` that of a process."""
    targets: tuple[str, ...] = ()
    """Files that it is redirected to or from."""
    background: bool = False


@lru_cache(maxsize=512)
def invocations(text: str) -> tuple[Invocation, ...]:
    """Every program that ``text`` runs, in order. Programs that only run another one are left out."""
    return tuple(_of_script(text, None, 0))


def programs(text: str) -> frozenset[str]:
    """The names of the programs: ``sudo ip netns exec n ping x | tee log`` runs ``ping`` and ``tee``."""
    return frozenset(one.program for one in invocations(text))


def namespace_of(text: str) -> str | None:
    """The named namespace in which ``text`` does its network work; ``None``: that of the shell it is typed in."""
    names = (one.namespace for one in invocations(text))
    return next((one for one in names if one and one not in (UNKNOWN, EACH) and not one.startswith("pid:")), None)


def _of_script(text: str, namespace: str | None, depth: int) -> Iterator[Invocation]:
    for command in simple_commands(text):
        yield from _of_command(command, namespace, depth)


def _of_command(command: SimpleCommand, namespace: str | None, depth: int) -> Iterator[Invocation]:
    words = without_assignments(command.words)
    while words and depth < DEEPEST:
        depth += 1
        if words[0].rsplit("/", 1)[-1] in ("watch", "xargs"):
            yield _invocation(command, words, namespace)
        inner = unwrap(words)
        if inner is None:
            break
        namespace = inner.namespace or namespace
        if inner.script is not None:
            yield from _of_script(inner.script, namespace, depth)
            return
        words = without_assignments(inner.words)
    if not words:
        return
    script = _standard_input(command) if words[0].rsplit("/", 1)[-1] in SHELLS and not _has_operand(words) else None
    if script is not None and depth < DEEPEST:
        yield from _of_script(script, namespace, depth + 1)
        return
    yield _invocation(command, words, namespace)


def _invocation(command: SimpleCommand, words: tuple[str, ...], namespace: str | None) -> Invocation:
    program = words[0].rsplit("/", 1)[-1]
    if program == "ip":
        namespace = ip_namespace(words)[1] or namespace
    return Invocation(program, words, namespace, command.targets, command.background)


def _standard_input(command: SimpleCommand) -> str | None:
    """The script that a shell without arguments reads, where the line itself tells it."""
    if command.text_input is not None:
        return command.text_input
    before = command.piped_from
    if before and before.words[0] in ("echo", "printf"):
        return " ".join(word for word in before.words[1:] if word not in ("-e", "-n", "-en", "%s\\n"))
    if before and before.words[0] == "cat":
        return before.text_input
    return None


def _has_operand(words: tuple[str, ...]) -> bool:
    return any(not word.startswith("-") for word in words[1:])
