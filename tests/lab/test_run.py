"""Scripts without a terminal, and files."""

from __future__ import annotations

import pytest

from engine.lab import Lab, LabError

pytestmark = pytest.mark.lab


async def test_a_script(lab: Lab) -> None:
    done = await lab.run("echo out; echo err >&2; pwd; id -u; exit 4")
    assert (done.exit, done.output) == (4, "out\nerr\n/home/you\n0\n")
    assert (await lab.run("kill -9 $$")).exit == 137


async def test_a_background_process_does_not_hold_it_up(lab: Lab) -> None:
    done = await lab.run("sleep 1000 & echo started", timeout_seconds=20)
    assert done.output == "started\n"
    assert (await lab.run("pgrep sleep >/dev/null")).exit == 0


async def test_much_output_is_cut_at_the_front(lab: Lab) -> None:
    done = await lab.run("seq 500000")
    assert done.output.endswith("499999\n500000\n") and len(done.output) == 1024 * 1024


async def test_a_script_that_takes_too_long_is_killed(lab: Lab) -> None:
    with pytest.raises(TimeoutError):
        await lab.run("sleep 4321", timeout_seconds=0.3)
    await lab.run("while pgrep -f 'sleep 4321'; do sleep 0.01; done", timeout_seconds=20)


async def test_a_long_script(lab: Lab) -> None:
    script = "# " + "x" * 300_000 + "\necho done"
    assert (await lab.run(script)).output == "done\n"


async def test_files(lab: Lab) -> None:
    await lab.write_file("/etc/netns/netns_dustin/resolv.conf", "nameserver 1.1.1.1\n")
    await lab.write_file("/home/you/中.txt", "字")
    done = await lab.run("cat /etc/netns/netns_dustin/resolv.conf /home/you/中.txt")
    assert done.output == "nameserver 1.1.1.1\n字"
    await lab.write_file("/home/you/中.txt", None)
    await lab.write_file("/home/you/中.txt", None)
    assert (await lab.run("ls /home/you")).output == ""
    with pytest.raises(LabError, match="Read-only"):
        await lab.write_file("/usr/bin/x", "")


async def test_a_closed_lab_says_so(lab: Lab) -> None:
    await lab.close()
    await lab.close()
    for attempt in (lab.run("true"), lab.shell("T1"), lab.refresh(), lab.write_file("/x", "")):
        with pytest.raises(LabError, match="closed"):
            await attempt
