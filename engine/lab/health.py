"""Whether a lab can still be used: a learner may delete everything in it."""

from __future__ import annotations

import os
from pathlib import Path

from engine.lab import limits, tree
from engine.messages import Message

_NEEDED = ("/etc/passwd", "/bin", "/lib", "/dev/null", tree.HOME)


def spoilt(lab_pid: int) -> Message | None:
    """What has gone that nobody can work without, as a reason for a person; ``None`` for a lab in order.

    Looks at names only, and opens nothing.
    """
    root = f"/proc/{lab_pid}/root"
    if not os.path.lexists(f"{root}/proc"):
        return None
    gone = [path for path in _NEEDED if not os.path.lexists(root + path)]
    return Message("lab.lost.spoilt", {"paths": ", ".join(gone)}) if gone else None


def is_crowded(lab_pid: int) -> bool:
    """Whether nearly as many processes run in the lab as may: a fork bomb, in which no command can start any more."""
    try:
        names = [entry.name for entry in Path(f"/proc/{lab_pid}/root/proc").iterdir()]
    except OSError:
        return False
    return sum(name.isdigit() for name in names) > 0.9 * limits.PROCESSES
