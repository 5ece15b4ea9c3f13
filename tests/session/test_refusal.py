"""Why the system refuses, in the learner's language."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from engine.messages import Message, catalogue, render
from engine.refusal import reason


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(OSError) as refused:
        tmp_path.write_text("words")
    why = reason(refused.value)
    assert isinstance(why, Message)
    assert (render(why, "en"), render(why, "zh")) == ("It is a directory", "那是一个目录")


def test_what_has_no_name_in_the_catalogue_is_said_as_the_system_says_it() -> None:
    assert reason(OSError(errno.EXDEV, "Invalid cross-device link")) == "Invalid cross-device link"
    assert reason(OSError("no number")) == "no number"


def test_every_name_is_one_of_the_systems() -> None:
    named = {key.removeprefix("system.") for key in catalogue("en") if key.startswith("system.")}
    assert named and named <= set(errno.errorcode.values())
    assert named == {key.removeprefix("system.") for key in catalogue("zh") if key.startswith("system.")}
