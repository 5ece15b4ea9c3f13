"""Writes what a terminal showed as an asciicast, version 2, which every asciinema player plays.

The format is https://docs.asciinema.org/manual/asciicast/v2: one JSON object that describes the terminal, then one
``[seconds, code, data]`` a line; ``o`` is output, ``r`` a new size (``80x24``), ``m`` a marker. The package of that
name on PyPI records shells and cannot be handed events, so the few lines stand here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any


class Recording:
    """``with Recording(path, (120, 36), clock=…) as recording``: each event is on disk before the next one happens.

    ``now`` gives seconds from any beginning; times count from the first call. Raises ``OSError`` if the file cannot be
    written.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        now: Callable[[], float],
        *,
        title: str = "",
        theme: Mapping[str, str] | None = None,
        timestamp: int | None = None,
    ) -> None:
        self.size = size
        self._now = now
        self._began: float | None = None
        self._file = path.open("w", encoding="utf-8", buffering=1)
        header: dict[str, Any] = {"version": 2, "width": size[0], "height": size[1]}
        if timestamp is not None:
            header["timestamp"] = timestamp
        if title:
            header["title"] = title
        header["env"] = {"TERM": "xterm-256color", "SHELL": "/bin/bash"}
        if theme:
            header["theme"] = dict(theme)
        self._line(header)

    def __enter__(self) -> Recording:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def seconds(self) -> float:
        """Time since the recording began."""
        if self._began is None:
            self._began = self._now()
        return self._now() - self._began

    def output(self, text: str) -> None:
        """What the terminal was sent."""
        if text:
            self._event("o", text)

    def marker(self, label: str) -> None:
        """A place that the player can jump to."""
        self._event("m", label)

    def resized(self, columns: int, rows: int) -> None:
        if (columns, rows) != self.size:
            self.size = (columns, rows)
            self._event("r", f"{columns}x{rows}")

    def close(self) -> None:
        """Nothing is written after this."""
        self._file.close()

    def _event(self, code: str, data: str) -> None:
        if not self._file.closed:
            self._line([round(self.seconds, 6), code, data])

    def _line(self, data: Any) -> None:
        self._file.write(json.dumps(data, ensure_ascii=False) + "\n")
