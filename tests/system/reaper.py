"""Runs a program and ends only when every process that came of it has ended: orphans become this process's children.

``python reaper.py PIDFILE COMMAND…`` writes the program's pid to PIDFILE and exits 0 once nothing is left
(PR_SET_CHILD_SUBREAPER, prctl(2)). Whoever runs it kills the program as it likes and waits for the end.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """See the module."""
    pid_file, *command = sys.argv[1:]
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    pid = os.fork()
    if pid == 0:
        os.execvp(command[0], command)
    new = Path(pid_file + ".new")
    new.write_text(str(pid))
    new.rename(pid_file)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    main()
