"""What ``nsteps join`` keeps of its seat on the learner's own machine: the secret, and the progress, which goes on
while the classroom is out of reach. One small file for each room, which only the user can read."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
import tempfile
from pathlib import Path

import msgspec
import platformdirs

from engine.classroom.hub_store import HubStore
from engine.course.model import Course
from engine.session.progress import Progress


class KeptSeat(msgspec.Struct, kw_only=True):
    """One seat in one room."""

    url: str
    seat: int
    secret: str
    name: str | None = None
    number: int = 0
    """Of the progress; see :class:`~engine.classroom.protocol.ProgressKept`."""
    progress: Progress | None = None


class SeatFile:
    """The file of the room at ``url`` (default: in the user's XDG state directory)."""

    def __init__(self, url: str, directory: Path | None = None) -> None:
        self.url = url
        directory = directory or platformdirs.user_state_path("nsteps") / "classroom"
        self.path = directory / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.json"

    def load(self) -> KeptSeat | None:
        """The seat there is in that room; ``None`` if there is none, or the file is damaged."""
        try:
            kept = msgspec.json.decode(self.path.read_bytes(), type=KeptSeat)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        return kept if kept.url == self.url else None

    def save(self, kept: KeptSeat, *, durable: bool = True) -> None:
        """Replace it atomically; ``durable`` waits for the disk. Raises ``OSError``."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)  # 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(kept))
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            Path(temporary).replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise

    def put_aside(self) -> Path | None:
        """The seat is no more: what was learned there is kept under another name, which is returned; ``None`` if there
        is nothing to keep."""
        kept = self.load()
        with contextlib.suppress(OSError):
            if kept is None or kept.progress is None or kept.progress.step is None:
                self.path.unlink()
                return None
            now = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
            aside = self.path.with_name(f"progress-{now}.json")
            self.save(msgspec.structs.replace(kept, secret=""))
            return self.path.rename(aside)
        return None


class JoinedStore(HubStore):
    """Tells the hub of the progress, and keeps it here as well."""

    def __init__(self, kept: KeptSeat, file: SeatFile) -> None:
        super().__init__(kept.progress, kept.number)
        self._kept = kept
        self._file = file

    def save(self, course: Course, progress: Progress, *, durable: bool = True) -> None:
        """Raises ``OSError`` if the file cannot be written; the hub has been told all the same."""
        number = self.number
        super().save(course, progress, durable=durable)
        if self.number != number:
            self._kept.number, self._kept.progress = self.number, progress
            self._file.save(self._kept, durable=durable)
