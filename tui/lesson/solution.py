"""A command of the lesson with the reason for each of its parts, as the lesson pane shows it. Pure."""

from __future__ import annotations

from engine.course.model import Command
from engine.course.reasons import reasons
from engine.messages import render


def solution(command: Command, language: str) -> str:
    """Markdown: the command, and a list of its parts. Only the command if nothing in it is known."""
    lines = [f"```console {command.terminal}"]
    first, *rest = command.text.split("\n")
    lines += [f"$ {first}", *(f"> {one}" for one in rest), "```", ""]
    known: dict[str, str] = {}
    for reason in reasons(command.text):
        if reason.words is not None:
            known.setdefault(reason.part, render(reason.words, language))
    colon = "：" if language == "zh" else ": "
    lines += [f"- `{part}`{colon}{words}" for part, words in known.items()]
    return "\n".join(lines)
