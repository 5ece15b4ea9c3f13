"""The few system calls that Python 3.11 has no function for. All raise ``OSError`` with the kernel's error number."""

from __future__ import annotations

import ctypes
import os

CLONE_NEWNET = 0x40000000
IN_MODIFY, IN_ATTRIB, IN_CLOSE_WRITE = 0x2, 0x4, 0x8
IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE, IN_DELETE = 0x40, 0x80, 0x100, 0x200
IN_DELETE_SELF, IN_MOVE_SELF = 0x400, 0x800

_RESOLVE_IN_ROOT = 0x10
_OPENAT2 = 437  # the same number on every architecture
_libc = ctypes.CDLL(None, use_errno=True)


class _OpenHow(ctypes.Structure):
    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def setns(descriptor: int, kind: int) -> None:
    """Move the calling thread into a namespace, see setns(2)."""
    _checked(_libc.setns(descriptor, kind))


def open_in_root(root: int, path: str, flags: int) -> int:
    """Open ``path`` as a process whose root directory is ``root`` would: no symbolic link leads out of it."""
    how = _OpenHow(flags=flags | os.O_CLOEXEC, mode=0, resolve=_RESOLVE_IN_ROOT)
    name = os.fsencode(path.lstrip("/") or ".")
    return _checked(_libc.syscall(_OPENAT2, root, name, ctypes.byref(how), ctypes.sizeof(how)))


def inotify_init() -> int:
    """A new inotify descriptor that does not block."""
    return _checked(_libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))


def inotify_add_watch(inotify: int, path: str, mask: int) -> int:
    """Watch what is at ``path``; the same thing watched again keeps its number."""
    return _checked(_libc.inotify_add_watch(inotify, os.fsencode(path), mask))


def getsockopt(descriptor: int, level: int, option: int, value: bytes, length: int) -> bytes:
    """A socket option whose question goes in by the buffer that the answer comes back in."""
    buffer = ctypes.create_string_buffer(value, length)
    size = ctypes.c_uint32(length)
    _checked(_libc.getsockopt(descriptor, level, option, buffer, ctypes.byref(size)))
    return buffer.raw[: size.value]
