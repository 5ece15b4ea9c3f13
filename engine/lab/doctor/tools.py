"""The programs of ``tools.txt``: which are here, and which line installs the others."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from engine.lab.doctor.facts import Tool
from engine.lab.sandbox import SYSTEM_PATH

FAMILIES = ("debian", "fedora", "arch")

_INSTALL = {
    "debian": "apt-get install -y --no-install-recommends",
    "fedora": "dnf install -y",
    "arch": "pacman -S --needed",
}


def listed_tools() -> tuple[Tool, ...]:
    """Every tool of the table; nothing is looked for yet."""
    tools = []
    for line in Path(__file__).with_name("tools.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        program, need, *packages = line.split()
        tools.append(
            Tool(
                program=program,
                needed=need == "needed",
                packages=dict(zip(FAMILIES, packages, strict=True)),
            )
        )
    return tuple(tools)


def install_line(tools: Iterable[Tool], family: str | None, *, root: bool) -> str | None:
    """The line that installs these tools' packages; ``None`` where it is not known how."""
    if family not in _INSTALL:
        return None
    packages = list(dict.fromkeys(tool.packages[family] for tool in tools))
    return f"{'' if root else 'sudo '}{_INSTALL[family]} {' '.join(packages)}"


def find(tool: Tool) -> str | None:
    """The path of the tool's program on this machine, in the directories that a lab uses."""
    return shutil.which(tool.program, path=SYSTEM_PATH)
