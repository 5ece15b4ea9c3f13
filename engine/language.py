"""Which language to speak: the one asked for, else the one of the locale, else English."""

from __future__ import annotations

import os

from engine.course.model import LANGUAGES


def detect_language() -> str:
    """``zh`` where the environment asks for Chinese, else ``en``. ``NSTEPS_LANG`` goes before the locale."""
    for name in ("NSTEPS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            language = value.replace("-", "_").split("_")[0].split(".")[0].lower()
            return language if language in LANGUAGES else "en"
    return "en"
