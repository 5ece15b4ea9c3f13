"""The disposable lab: what a learner takes for "the machine". Only this package knows how a lab is made.

``from engine.lab import Lab, Shell, CommandRun, LabError`` is its whole face, with ``warm_up`` for a program that knows
early that it will want a lab. The names are loaded when first asked for: the nursery (:mod:`engine.lab.nursery`) is a
module of this package and must start in a few milliseconds.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.lab.command import CommandRun as CommandRun
    from engine.lab.command import Completed as Completed
    from engine.lab.errors import LabError as LabError
    from engine.lab.lab import Lab as Lab
    from engine.lab.shell import Shell as Shell
    from engine.lab.warm import warm_up as warm_up

_HOME = {
    "CommandRun": "command",
    "Completed": "command",
    "Lab": "lab",
    "LabError": "errors",
    "Shell": "shell",
    "warm_up": "warm",
}

__all__ = ["CommandRun", "Completed", "Lab", "LabError", "Shell", "warm_up"]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
