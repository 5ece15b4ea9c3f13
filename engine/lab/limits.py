"""How much a lab may use. The kernel holds the learner to it; nothing here is a matter of good behaviour."""

from __future__ import annotations

PROCESSES = 320
"""RLIMIT_NPROC, counted within the lab's own user namespace. Read at each use: a program whose labs share a machine
with many others may lower it before the first is started."""
OPEN_FILES = 1024
TREE_BYTES = 96 * 1024 * 1024
"""Size of the file tree (everything but /usr) and, again, of /dev with /dev/shm."""
TREE_INODES = 20_000
NAMESPACES = 64
"""Of each kind, those of the lab itself included."""
