"""``nsteps doctor`` as a person reads it."""

from __future__ import annotations

import platform

import pytest
from click.testing import CliRunner

from engine.lab.doctor import Facts, LabTrial, Trial
from engine.lab.doctor.tools import listed_tools
from engine.messages import Message
from tui.cli import main
from tui.commands import doctor_


def test_another_system_is_told_what_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    done = CliRunner().invoke(main, ["doctor"])
    assert done.exit_code == 1
    assert "This is Darwin, not Linux" in done.output
    assert "limactl start" in done.output


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_missing_comes_with_the_reason_and_the_line(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    async def examine() -> Facts:
        return Facts(
            family="debian",
            tools=listed_tools(),
            trials={"br-netfilter": Trial(name="br-netfilter", exit=1, text="cat: …: No such file or directory")},
            lab=LabTrial(error=Message("lab.no-tool", {"tool": "bwrap"})),
        )

    monkeypatch.setattr(doctor_, "examine", examine)
    done = CliRunner().invoke(main, ["doctor", "--lang", language])
    assert done.exit_code == 1
    lines = done.output.splitlines()
    first = next(number for number, line in enumerate(lines) if "✗ bwrap" in line)
    assert lines[first + 2].strip() == "sudo apt-get install -y --no-install-recommends bubblewrap"
    assert any(line.strip().startswith("–") and "br_netfilter" in line for line in lines)
    assert any(line.strip() == "sudo modprobe br_netfilter" for line in lines)
    assert any(line.startswith("    sudo apt-get install") and "bubblewrap util-linux bash" in line for line in lines)
