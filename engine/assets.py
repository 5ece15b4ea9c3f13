"""Where the course and the assets lie: in the checkout, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

_ENGINE = Path(__file__).resolve().parent
_BUNDLED = _ENGINE / "_bundled"


def _directory(name: str) -> Path:
    bundled = _BUNDLED / name
    return bundled if bundled.is_dir() else _ENGINE.parent / name


def assets_directory() -> Path:
    """Styles, figures and message catalogues."""
    return _directory("assets")


def lessons_directory() -> Path:
    """The course that comes with the program."""
    return _directory("lessons")
