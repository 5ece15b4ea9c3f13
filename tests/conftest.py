"""Every test has its own settings and progress, knows the screen, and speaks English unless it says otherwise."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

# Whoever starts the tests in the background of a script has these ignored, and so would every program tested.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home: Path = tmp_path_factory.mktemp("settings")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    (home / "nsteps").mkdir()
    (home / "nsteps" / "settings.json").write_text('{"tour_seen": true}')
    for name in ("NSTEPS_LANG", "NSTEPS_THEME", "NO_COLOR", "COLORFGBG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
