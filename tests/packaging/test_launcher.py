"""``./nsteps``: set up once, straight in afterwards, mended when something broke."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.launching import Launch


@pytest.fixture
def launch(tmp_path: Path) -> Launch:
    return Launch(tmp_path)


def test_the_first_start_makes_an_environment_and_passes_the_words_on(launch: Launch, tmp_path: Path) -> None:
    done = launch.run("list", "--json", "a b", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "program list --json a b\n")
    assert "this once" in done.stderr
    assert str(tmp_path) in done.stderr  # it runs where it was called
    assert launch.calls == 1


def test_the_second_start_goes_straight_in(launch: Launch) -> None:
    launch.run()
    done = launch.run("--version")
    assert (done.stdout, launch.calls) == ("program --version\n", 1)
    assert "this once" not in done.stderr


def test_the_second_start_costs_next_to_nothing(launch: Launch) -> None:
    launch.run()
    (launch.made / "bin/python").unlink()
    (launch.made / "bin/python").symlink_to("/bin/true")
    stamp = launch.made / "nsteps-stamp"
    _, rest = stamp.read_text().split("\n", 1)
    stamp.write_text(f"{os.path.realpath('/bin/true')}\n{rest}")
    took = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        launch.run()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert launch.calls == 1
    assert min(took) < 0.05  # seconds of processor time: how busy the machine is does not matter


def test_leading_yes_is_the_launchers_the_rest_is_the_programs(launch: Launch) -> None:
    assert launch.run("--yes", "doctor", "--yes").stdout == "program doctor --yes\n"


def test_it_speaks_the_locale(launch: Launch) -> None:
    assert "正在准备" in launch.run(LANG="zh_CN.UTF-8").stderr


def test_through_a_link_from_elsewhere(launch: Launch, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/learn").symlink_to(launch.checkout / "nsteps")
    (tmp_path / "link").symlink_to(tmp_path / "bin/learn")
    assert launch.run("x", launcher=tmp_path / "link").stdout == "program x\n"
    assert launch.run("x").stdout == "program x\n"
    assert launch.calls == 1


def test_a_checkout_that_cannot_be_written(launch: Launch) -> None:
    before = sorted(launch.checkout.rglob("*"))
    for path in [launch.checkout, *before]:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        assert launch.run("x").stdout == "program x\n"
    finally:
        for path in [launch.checkout, *before]:
            path.chmod(path.stat().st_mode | 0o200)
    assert sorted(launch.checkout.rglob("*")) == before


def test_each_user_of_a_checkout_has_an_environment(launch: Launch, tmp_path: Path) -> None:
    launch.run()
    launch.run(HOME=str(tmp_path / "another"))
    assert launch.calls == 2


def test_xdg_data_home_is_respected(launch: Launch, tmp_path: Path) -> None:
    launch.run(XDG_DATA_HOME=str(tmp_path / "data"))
    assert list((tmp_path / "data/nsteps/environments").glob("*/nsteps-stamp"))
    assert not (launch.home / ".local").exists()


def test_other_requirements_make_another_environment(launch: Launch) -> None:
    launch.run()
    with (launch.checkout / "pyproject.toml").open("a") as file:
        file.write("\n# changed\n")
    launch.run()
    launch.run()
    assert launch.calls == 2


def test_a_failed_installation_says_so_and_is_redone(launch: Launch) -> None:
    fail = Path(f"{launch.calls_file}.fail")
    fail.touch()
    done = launch.run(PIP_CONFIG_FILE="/dev/null", PIP_NO_INDEX="1")  # venv and pip, tried after uv, fail as well
    assert done.returncode == 3
    log = Path(done.stderr.split("whole story: ")[1].splitlines()[0])
    assert "no network" in log.read_text()
    fail.unlink()
    assert launch.run("x").stdout == "program x\n"


def test_an_interrupted_installation_is_redone(launch: Launch) -> None:
    launch.install_tool("uv", "#!/bin/sh\nkill -9 $PPID\n")
    assert launch.run().returncode != 0
    launch.tools.joinpath("uv").unlink()
    fresh = Launch(launch.home / "spare")
    shutil.copy(fresh.tools / "uv", launch.tools / "uv")
    assert launch.run("x").stdout == "program x\n"


@pytest.mark.parametrize("damage", ["package", "program", "python", "stamp"])
def test_a_broken_environment_is_rebuilt(launch: Launch, damage: str) -> None:
    launch.run()
    made = launch.made
    if damage == "package":
        shutil.rmtree(made / "lib/python3/site-packages/one")
    elif damage == "program":
        (made / "bin/nsteps").unlink()
    elif damage == "python":
        (made / "bin/python").unlink()
        (made / "bin/python").symlink_to("/gone/python3")
    else:
        (made / "nsteps-stamp").write_text("")
    assert launch.run("x").stdout == "program x\n"
    assert launch.calls == 2


def test_two_starts_at_once_make_one_environment(launch: Launch) -> None:
    command = [str(launch.checkout / "nsteps"), "x"]
    both = [
        subprocess.Popen(command, env=launch.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.communicate(timeout=60)[0] for process in both] == ["program x\n"] * 2
    assert launch.calls == 1


def test_an_installer_that_outlives_its_start_is_waited_for(launch: Launch) -> None:
    go = launch.home / "go"
    os.mkfifo(go)
    uv = (launch.tools / "uv").read_text()
    launch.install_tool("uv", f"#!/bin/sh\nkill -9 $PPID\nread -r _ <'{go}'\n")
    assert launch.run().returncode != 0
    launch.install_tool("uv", uv)
    second = subprocess.Popen(
        [str(launch.checkout / "nsteps"), "x"],
        env=launch.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert second.stderr and "Another start is setting up" in second.stderr.readline()
    assert launch.calls == 0
    go.write_text("\n")
    assert second.communicate(timeout=60)[0] == "program x\n"
    assert launch.calls == 1


def test_environments_of_checkouts_that_are_gone_are_removed(launch: Launch) -> None:
    launch.run()
    first = launch.made
    moved = launch.checkout.rename(launch.checkout.with_name("moved"))
    assert launch.run("x", launcher=moved / "nsteps").stdout == "program x\n"
    assert not first.exists()
    assert launch.made != first


def test_a_data_directory_that_cannot_be_made(launch: Launch) -> None:
    done = launch.run(XDG_DATA_HOME="/proc/nothing")
    assert done.returncode == 3
    assert "XDG_DATA_HOME" in done.stderr


def test_completion_never_sets_up_anything(launch: Launch) -> None:
    done = launch.run(_NSTEPS_COMPLETE="bash_complete")
    assert (done.returncode, done.stdout, launch.calls) == (0, "", 0)


def test_another_system_is_told_what_to_use(launch: Launch) -> None:
    launch.install_tool("uname", "#!/bin/sh\necho Darwin\n")
    done = launch.run("doctor")
    assert (done.returncode, launch.calls) == (3, 0)
    assert "WSL2" in done.stderr and "limactl" in done.stderr and "docker run" in done.stderr
