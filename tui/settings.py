"""What the learner has chosen on the screen, kept for the next start: one small JSON file in the user's XDG
configuration directory (``~/.config/nsteps/settings.json``).

A value that cannot be used is told and left out, the others stand. A file that cannot be read is told, too, and set
aside as ``settings.json.broken`` before another one takes its place. Where nothing can be written the program goes on
and says once that what is chosen now ends with it. The command line and the environment go before the file.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any, Literal

import msgspec
import platformdirs

from engine.messages import Message
from engine.refusal import reason

THEME_CHOICES = ("auto", "dark", "light", "ansi")


class Settings(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Every choice that is kept. What is not in the file is as here."""

    theme: Literal["auto", "dark", "light", "ansi"] = "auto"
    """``auto``: as the terminal seems to be."""
    language: Literal["en", "zh"] | None = None
    """``None``: the locale's."""
    view: Literal["all", "terminal", "lesson", "network"] = "all"
    """Which panes are seen, where there is room for all of them."""
    face: Literal["drawing", "tables", "both"] | None = None
    """The network as a drawing, as tables, or both; ``None``: what there is room for."""
    panes: dict[str, str] = {}
    """Further choices of single panes, by the pane's name."""
    tour_seen: bool = False
    """The first look around has been shown."""


def default_path() -> Path:
    """Where the settings lie unless somebody says otherwise."""
    return platformdirs.user_config_path("nsteps") / "settings.json"


class SettingsFile:
    """Reads and writes the settings of one user."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or default_path()
        self._unreadable = False

    def load(self) -> tuple[Settings, tuple[Message, ...]]:
        """The settings, and what is to be said about those that could not be used."""
        try:
            found = msgspec.json.decode(self.path.read_bytes())
        except FileNotFoundError:
            return Settings(), ()
        except OSError as error:
            return Settings(), (self._message("unreadable", reason=reason(error)),)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self._unreadable = True
            return Settings(), (self._message("broken", reason=str(error)),)
        if not isinstance(found, dict):
            self._unreadable = True
            return Settings(), (self._message("broken", reason=type(found).__name__),)
        return self._convert(found)

    def _convert(self, found: dict[str, Any]) -> tuple[Settings, tuple[Message, ...]]:
        """Value by value: one that is wrong leaves the others alone. A name that is not known is a later version's."""
        good: dict[str, Any] = {}
        problems = []
        for field in msgspec.structs.fields(Settings):
            if field.name not in found:
                continue
            try:
                good[field.name] = msgspec.convert(found[field.name], field.type)
            except msgspec.ValidationError as error:
                problems.append(self._message("wrong-value", name=field.name, reason=str(error)))
        return Settings(**good), tuple(problems)

    def save(self, settings: Settings) -> None:
        """Replace the file atomically. Raises ``OSError`` where it cannot be written."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self._unreadable:
            self.path.replace(self.path.with_name(self.path.name + ".broken"))
            self._unreadable = False
        target = self.path.resolve()  # a link, as of people who keep such files elsewhere, stays one
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=target.name, suffix=".new")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(settings), indent=2) + b"\n")
            Path(temporary).replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise

    def _message(self, key: str, **params: Any) -> Message:
        return Message(f"settings.{key}", {"path": str(self.path), **params})


class Preferences:
    """The settings of a running program. Without a file nothing is read or kept: tests, and a talk for a room."""

    def __init__(self, file: SettingsFile | None = None) -> None:
        self._file = file
        self.settings, self.problems = file.load() if file else (Settings(), ())
        """``problems`` is what is to be said about the file."""

    def remember(self, **choices: Any) -> Message | None:
        """Keep these choices; what is to be said if they cannot be written, the first time."""
        changed = msgspec.structs.replace(self.settings, **choices)
        if changed == self.settings:
            return None
        self.settings = changed
        if self._file is None:
            return None
        try:
            self._file.save(changed)
        except OSError as error:
            unwritable = self._file._message("unwritable", reason=reason(error))
            self._file = None
            return unwritable
        return None


def kept(app: object) -> Settings:
    """The settings of an application that has some."""
    preferences = getattr(app, "preferences", None)
    return preferences.settings if isinstance(preferences, Preferences) else Settings()


def remember(app: object, **choices: Any) -> None:
    """Keep these choices, if the application keeps any."""
    keep = getattr(app, "remember", None)
    if keep is not None:
        keep(**choices)
