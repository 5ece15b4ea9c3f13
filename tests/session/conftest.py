from __future__ import annotations

from pathlib import Path

import pytest

from engine.course import load_course
from engine.course.model import Course
from engine.session.progress import ProgressStore


@pytest.fixture(scope="session")
def course() -> Course:
    return load_course()


@pytest.fixture
def store(tmp_path: Path) -> ProgressStore:
    return ProgressStore(tmp_path / "progress")
