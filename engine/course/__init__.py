"""Courses: Markdown files read, validated and put together.

The names below are loaded when they are first used: ``engine.course.model`` alone needs neither Markdown nor YAML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.course.lint import lint
    from engine.course.loader import load_course
    from engine.course.problems import CourseError, Problem

__all__ = ["CourseError", "Problem", "lint", "load_course"]

_PLACES = {"CourseError": "problems", "Problem": "problems", "lint": "lint", "load_course": "loader"}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = value  # a submodule of the same name would stand here otherwise
    return value
