"""A real PostgreSQL for tests: of its own, in a temporary directory, on a Unix socket only, as an ordinary user."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote


def programs() -> Path | None:
    """The directory with ``initdb`` and ``postgres``, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    return next((path for path in found if (path / "initdb").exists()), Path(on_path).parent if on_path else None)


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The URL of a server that runs as long as the context lasts."""
    found = programs()
    assert found is not None
    # Right below /tmp: the name of a Unix socket has room for 107 bytes only, and pytest's directories are private.
    with tempfile.TemporaryDirectory(prefix="nsteps-pg-", dir="/tmp") as directory:
        who = _ordinary_user(directory)
        data = f"{directory}/data"
        _run([found / "initdb", "--no-sync", "-A", "trust", "-U", "nsteps", "-E", "UTF8", "-D", data], who)
        options = f"-c listen_addresses= -c unix_socket_directories={directory} -c fsync=off -c max_connections=40"
        control = [found / "pg_ctl", "-D", data, "-w", "-t", "60"]
        _run([*control, "-l", f"{directory}/log", "-o", options, "start"], who)
        try:
            yield f"postgresql://nsteps@/postgres?host={quote(directory, safe='')}"
        finally:
            _run([*control, "-m", "immediate", "stop"], who)


def _ordinary_user(directory: str) -> str | None:
    """PostgreSQL does not run as root: then somebody else has to."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    os.chown(directory, nobody.pw_uid, nobody.pw_gid)
    return nobody.pw_name


def _run(command: list[str | Path], who: str | None) -> None:
    subprocess.run(
        [str(word) for word in command],
        user=who,
        check=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
    )
