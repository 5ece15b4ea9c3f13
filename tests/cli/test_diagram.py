"""``nsteps diagram``: figures of real labs."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from engine.assets import assets_directory
from tui.cli import main


def diagram(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["diagram", *words])
    return result.exit_code, result.output


@pytest.mark.lab
def test_the_figures_in_the_lessons_are_what_a_lab_holds(tmp_path: Path) -> None:
    """After a change that is meant: ``nsteps diagram --all assets/figures``."""
    code, output = diagram("--all", str(tmp_path / "figures"))
    assert code == 0, output
    for kept in sorted((assets_directory() / "figures").iterdir()):
        fresh = tmp_path / "figures" / kept.name
        assert fresh.read_text(encoding="utf-8") == kept.read_text(encoding="utf-8"), kept.name


@pytest.mark.lab
def test_one_step_to_a_file_and_as_data(tmp_path: Path) -> None:
    file = tmp_path / "new" / "pair.svg"
    code, output = diagram("5.2", "--svg", str(file), "--lang", "zh")
    assert (code, output) == (0, f"已生成：{file}\n")
    assert "5.2" in ElementTree.parse(file).getroot().attrib["aria-label"]
    code, output = diagram("--json")
    assert code == 0 and json.loads(output)["uplink"] == "enp4s0"


def test_usage() -> None:
    assert diagram("no/such-step")[0] == 2
    code, output = diagram("5.2", "--all", "somewhere")
    assert code == 2 and "--all" in output


@pytest.mark.lab
def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, output = diagram("--svg", str(tmp_path / "file" / "a.svg"))
    assert code == 2 and "cannot be written" in output
