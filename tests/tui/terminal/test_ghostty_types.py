"""Types that cffi was told at once are those that it finds by itself."""

from __future__ import annotations

from types import SimpleNamespace

from pyghostty import ffi

from tui.terminal import ghostty_types
from tui.terminal.ghostty import GhosttyEmulator


def test_they_are_the_same_types() -> None:
    GhosttyEmulator(2, 2).close()
    for name in ghostty_types.POINTED_TO:
        assert ffi.typeof(f"{name}*") == ffi.typeof(f"{name} *"), name  # the blank makes it look for itself
    for name in ghostty_types.WHOLE:
        assert ffi.typeof(name) == ffi.typeof(f" {name}"), name


def test_another_cffi_is_left_alone() -> None:
    ghostty_types.learn(SimpleNamespace())
    ghostty_types.learn(SimpleNamespace(_parsed_types=None))
