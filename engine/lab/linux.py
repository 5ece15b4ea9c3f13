"""The few system calls that Python 3.11 has no function for. Imports little: the nursery must start fast."""

# Plain os functions: importing pathlib would cost the nursery a third of its start.
# ruff: noqa: PTH123, PTH208

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterator

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
EVERY_NAMESPACE = (
    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP
)

_MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 2, 4, 8
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_SETGROUPS = {"x86_64": 116, "aarch64": 159, "riscv64": 159, "ppc64le": 81, "s390x": 206}
_SIGKILL = 9
_LIBC = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """``unshare(2)``. Raises ``OSError``."""
    _checked(_LIBC.unshare(flags), "unshare")


def setns(descriptor: int, flags: int) -> None:
    """``setns(2)``: with a pidfd, ``flags`` says which of that process's namespaces to enter. Raises ``OSError``."""
    _checked(_LIBC.setns(descriptor, flags), "setns")


def mount_proc() -> None:
    """Mount a /proc that shows the caller's process namespace over the one that is there. Raises ``OSError``."""
    _checked(_LIBC.mount(b"proc", b"/proc", b"proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, None), "mount /proc")


def die_with_parent() -> None:
    """Be killed when the thread that started this process ends.

    The kernel forgets this at a change of credentials: call it again after one. A parent that has died already is not
    noticed; look for the end of a pipe or socket that only it holds.
    """
    _checked(_LIBC.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0), "prctl")


def set_dumpable() -> None:
    """Own the files under /proc/self again after a change of credentials."""
    _checked(_LIBC.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "prctl")


def allow_setgroups() -> None:
    """From now on, and in whatever is executed, ``setgroups(2)`` does nothing and succeeds.

    A user namespace made without privilege has no use for it and refuses it, and programs that give up root by it
    (tcpdump) then refuse to run. A seccomp filter; it needs, and sets, "no new privileges". Raises ``OSError``.
    """
    number = _SETGROUPS.get(os.uname().machine)
    if number is None:
        return
    program = b"".join(
        struct.pack("HBBI", *instruction)
        for instruction in (
            (0x20, 0, 0, 0),  # load the number of the system call
            (0x15, 0, 1, number),  # if it is setgroups …
            (0x06, 0, 0, 0x00050000),  # … return with "error" 0
            (0x06, 0, 0, 0x7FFF0000),  # else allow
        )
    )
    buffer = ctypes.create_string_buffer(program, len(program))
    filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer)))
    _checked(_LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
    _checked(_LIBC.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, filter_, 0, 0), "seccomp")


def is_real_root() -> bool:
    """Whether uid 0 of this process is the machine's own root: its map of uids is the whole range, one to one."""
    if os.geteuid() != 0:
        return False
    with open("/proc/self/uid_map") as file:
        return file.read().split() == ["0", "0", "4294967295"]


def pid_of(pidfd: int) -> int:
    """The number of a pidfd's process in the caller's process namespace; -1 if it has ended."""
    with open(f"/proc/self/fdinfo/{pidfd}") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pid:"))


def children_of(pid: int) -> list[int]:
    """The processes whose parent is ``pid``, in the order of their birth where the kernel keeps it."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(word) for word in file.read().split()]
    except FileNotFoundError:  # no such process, or a kernel without CONFIG_PROC_CHILDREN
        return [child for child, parent in _parents() if parent == pid]


def _parents() -> Iterator[tuple[int, int]]:
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    yield int(name), int(file.read().rpartition(")")[2].split()[1])
            except OSError:
                continue
