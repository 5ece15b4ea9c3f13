"""``python -m tui.classroom.board FILE``: the board in this terminal; the file has a hub's address for boards."""

from __future__ import annotations

import sys
from pathlib import Path

from tui.classroom.board.run import run_board
from tui.classroom.data import read_desk


def main() -> None:
    """Ends with an exit code of :mod:`tui.classroom.board.run`."""
    sys.exit(run_board(read_desk(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
