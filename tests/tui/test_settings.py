"""What is chosen on the screen is kept, and a file that is damaged or cannot be written harms nobody."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from engine.course.model import LANGUAGES
from engine.messages import render
from tests.tui.running import running
from tui.commands.learn_ import _colours, _language
from tui.commands.options import Shared
from tui.settings import Preferences, Settings, SettingsFile, default_path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "settings.json"


def test_nothing_is_there_at_first(path: Path) -> None:
    assert SettingsFile(path).load() == (Settings(), ())
    assert not path.parent.exists()


def test_kept_and_found_again(path: Path) -> None:
    preferences = Preferences(SettingsFile(path))
    assert preferences.remember(theme="light", panes={"state": "routes"}) is None
    assert preferences.remember(tour_seen=True) is None
    assert Preferences(SettingsFile(path)).settings == Settings(
        theme="light", panes={"state": "routes"}, tour_seen=True
    )
    assert json.loads(path.read_text())["theme"] == "light"
    assert [one.name for one in path.parent.iterdir()] == ["settings.json"]


def test_where_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert default_path() == tmp_path / "nsteps" / "settings.json"


@pytest.mark.parametrize("content", ["{", "", "[]", "7", "\xff\xfe"])
def test_a_broken_file_is_told_and_kept_aside(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_bytes(content.encode("latin-1"))
    preferences = Preferences(SettingsFile(path))
    assert preferences.settings == Settings()
    for language in LANGUAGES:
        assert str(path) in render(preferences.problems[0], language)
    assert preferences.remember(theme="dark") is None
    assert path.with_name("settings.json.broken").read_bytes() == content.encode("latin-1")
    assert SettingsFile(path).load() == (Settings(theme="dark"), ())


def test_one_wrong_value_leaves_the_others_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"theme": "pink", "language": "zh", "tour_seen": "yes", "of_a_later_version": 1}')
    settings, problems = SettingsFile(path).load()
    assert settings == Settings(language="zh")
    assert [problem.params["name"] for problem in problems] == ["theme", "tour_seen"]
    assert "pink" in render(problems[0], "en")


def test_a_file_that_cannot_be_written_is_said_once(path: Path) -> None:
    path.parent.parent.joinpath("deep").write_text("a file where the directory should be")
    preferences = Preferences(SettingsFile(path))
    problem = preferences.remember(theme="light")
    assert problem is not None and str(path) in render(problem, "zh")
    assert preferences.settings.theme == "light"
    assert preferences.remember(theme="dark") is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_directory(path: Path) -> None:
    path.parent.mkdir()
    path.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert Preferences(SettingsFile(path)).remember(theme="light") is not None


def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere.json")
    Preferences(SettingsFile(path)).remember(theme="light")
    assert path.is_symlink()
    assert (tmp_path / "elsewhere.json").is_file()


def test_what_goes_before_what(monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.session.progress import Progress

    kept, earlier = Settings(language="zh", theme="light"), Progress(language="en")
    assert _language(Shared(), kept, earlier) == "zh"
    assert _language(Shared(), Settings(), Progress(language="zh")) == "zh"
    assert _language(Shared(language="en"), kept, earlier) == "en"
    monkeypatch.setenv("NSTEPS_LANG", "en")
    assert _language(Shared(), kept, earlier) == "en"

    monkeypatch.setenv("TERM", "xterm-256color")
    assert _colours(Shared(), kept, True) == "light"
    monkeypatch.setenv("NO_COLOR", "1")
    assert _colours(Shared(), kept, True) == "ansi"
    monkeypatch.setenv("NSTEPS_THEME", "dark")
    assert _colours(Shared(), kept, True) == "dark"
    assert _colours(Shared(theme="ansi"), kept, True) == "ansi"


def test_a_browser_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    monkeypatch.setenv("COLORFGBG", "0;15")
    assert _colours(Shared(), Settings(), False) == "dark"
    assert _colours(Shared(), Settings(theme="ansi"), False) == "dark"
    assert _colours(Shared(), Settings(theme="light"), False) == "light"


async def test_what_is_chosen_on_the_screen(path: Path) -> None:
    async with running(preferences=Preferences(SettingsFile(path))) as it:
        await it.press("f12", "shift+f6", "f6", "ctrl+right_square_bracket", "d")
        await it.until(lambda: SettingsFile(path).load()[0].theme == "light")
        kept, _ = SettingsFile(path).load()
        assert (kept.language, kept.face) == ("zh", it.main.network.face)
        assert kept.view != "all"

    async with running(preferences=Preferences(SettingsFile(path)), started=False) as it:
        await it.until(lambda: it.main.busy is None and it.main.view == kept.view)
        await it.until(lambda: it.main.network.face == kept.face or not it.main.network.size)


@pytest.fixture
def broken(path: Path) -> Path:
    path.parent.mkdir()
    path.write_text("{")
    return path


async def test_a_problem_with_the_file_is_said_on_the_screen(broken: Path) -> None:
    async with running(size=(200, 60), preferences=Preferences(SettingsFile(broken))) as it:
        await it.sees("Your settings are not as they should be")


async def test_without_preferences_nothing_is_written() -> None:
    before = default_path().read_bytes()
    async with running() as it:
        await it.press("f12", "ctrl+right_square_bracket", "d")
        await it.until(lambda: it.app.preferences.settings == Settings(language="zh", theme="light"))
    assert default_path().read_bytes() == before
