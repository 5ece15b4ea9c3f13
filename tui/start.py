"""The way in. Without words the tutorial is what is wanted: its screen is painted before anything else is loaded."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """``nsteps``, as installed."""
    if len(sys.argv) > 1 or "_NSTEPS_COMPLETE" in os.environ:
        from tui.cli import main as command_line

        command_line()
    else:
        from tui.commands.basics import Shared
        from tui.commands.learn_ import learn

        learn(Shared(), None)
