"""Imported by the parent of the seats: what each of them would otherwise import, read and compute for itself."""

from __future__ import annotations

from importlib import import_module

from rich.cells import cell_len

from engine.course.model import LANGUAGES
from engine.messages import catalogue

MODULES = (
    "concurrent.futures.thread",
    "engine.lab.lab",
    "engine.lab.shell",
    "engine.session.session",
    "textual.layouts.factory",
    "textual.layouts.horizontal",
    "textual.layouts.stream",
    "textual.scrollbar",
    "textual.widgets",
    "tui.quiet",
    "tui.terminal.ghostty",
)

for name in MODULES:
    import_module(name)
for language in LANGUAGES:
    catalogue(language)
cell_len("网")  # reads its table of widths
