"""What the READMEs say of the program is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.course import load_course
from engine.lab.doctor.tools import listed_tools
from tui.cli import COMMANDS
from tui.keys import CHORD, KEYS, LETTER_LABELS

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh.md")
GUIDES = sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("name", READMES)
def test_the_table_of_keys_is_complete(name: str) -> None:
    rows = re.findall(r"^\|\s*(?:`([^`]+)`)?\s*\|\s*(?:`([^`]+)`)?\s*\|", (ROOT / name).read_text(), re.MULTILINE)
    for key in KEYS:
        letter = LETTER_LABELS.get(key.letter, key.letter) if key.letter else ""
        assert ("Ctrl-]" if key.key == CHORD else key.label, letter) in rows


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_listed(name: str) -> None:
    text = (ROOT / name).read_text()
    assert all(f"| `nsteps {command}" in text for command in COMMANDS)


@pytest.mark.parametrize("name", READMES)
def test_the_steps_that_it_names_are_there(name: str) -> None:
    course = load_course()
    text = (ROOT / name).read_text()
    references = re.findall(r"nsteps try ([\w/.-]+) '", text) + re.findall(r"--step ([\w/.-]+)`", text)
    assert references
    assert all(course.step(reference) for reference in references)


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", *GUIDES])
def test_what_it_links_to_is_there(name: str) -> None:
    links = re.findall(r"\]\(((?!https?:)[^)#]+)\)", (ROOT / name).read_text())
    assert links
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("name", ["README.md", *(guide for guide in GUIDES if not guide.endswith(".zh.md"))])
def test_both_languages_have_the_same_commands(name: str) -> None:
    english, chinese = (
        re.findall(r"^\$ ([\x20-\x7e]*?)(?:\s\s.*)?$|^\| `([^`']+)", (ROOT / file).read_text(), re.MULTILINE)
        for file in (name, name.replace(".md", ".zh.md"))
    )
    assert english == chinese


def test_the_needed_packages_are_named() -> None:
    text = (ROOT / "README.md").read_text()
    for tool in listed_tools():
        if tool.needed and tool.packages["arch"] not in ("bash", "python", "grep", "coreutils"):
            assert tool.packages["arch"].removesuffix("-ng").removeprefix("iputils") in text
