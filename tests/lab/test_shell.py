"""Shells: what is typed, what runs, how it ends."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from engine.lab import CommandRun, Lab, LabError, Shell

pytestmark = pytest.mark.lab
ROOT = Path(__file__).resolve().parents[2]


def printed(shell: Shell, text: bytes) -> asyncio.Future[None]:
    """Done once ``text`` has been printed from now on, however it is cut."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    seen = bytearray()

    def look(data: bytes) -> None:
        seen.extend(data)
        if text in seen and not future.done():
            future.set_result(None)

    shell.on_output.append(look)
    return future


async def test_a_command_its_output_and_exit_code(shell: Shell) -> None:
    started: list[CommandRun] = []
    finished: list[CommandRun] = []
    shell.on_started.append(started.append)
    shell.on_finished.append(finished.append)
    run = await shell.run("echo out; echo err >&2; (exit 7)")
    assert (run.text, run.exit, run.output) == ("echo out; echo err >&2; (exit 7)", 7, "out\nerr\n")
    assert (run.namespace, run.cwd, run.terminal) == ("host", "/home/you", "T1")
    assert [one.id for one in started] == [one.id for one in finished] == [run.id]
    assert shell.at_prompt and shell.running is None


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1 2; do\necho $i\ndone",
        "cat <<END\n a ; 100% 'b\"\nEND",
        "echo '中文 Ü' \"; %41\"",
        " echo with a leading space",
        "echo a \\\n  b",
        "if true; then\n\techo tab\nfi",
    ],
)
async def test_the_text_is_what_was_typed(shell: Shell, text: str) -> None:
    run = await shell.run(text)
    assert (run.text, run.exit) == (text, 0)


@pytest.mark.parametrize("setting", ["ignoreboth", "ignorespace", "ignoredups:erasedups"])
async def test_histcontrol_hides_nothing_from_us_and_works_for_the_learner(shell: Shell, setting: str) -> None:
    await shell.run(f"HISTCONTROL={setting}")
    assert (await shell.run(" echo secret")).text == " echo secret"
    assert (await shell.run("echo twice")).text == "echo twice"
    assert (await shell.run("echo twice")).text == "echo twice"
    assert (await shell.run("echo $HISTCONTROL")).output.strip() == setting
    lines = [line.split(None, 1)[1] for line in (await shell.run("history")).output.splitlines()]
    assert ("echo secret" in lines) == ("space" not in setting and "both" not in setting)
    assert lines.count("echo twice") == (2 if setting == "ignorespace" else 1)


async def test_histignore(shell: Shell) -> None:
    await shell.run("HISTIGNORE='pwd*:ls'")
    assert (await shell.run("pwd -P")).text == "pwd -P"
    history = (await shell.run("history; echo $HISTIGNORE")).output
    assert "pwd -P" not in history and "pwd*:ls" in history


@pytest.mark.parametrize(
    "change",
    [
        "PS1='% '",
        "PROMPT_COMMAND='true'",
        "unset PROMPT_COMMAND",
        "PROMPT_COMMAND=; PS0=",
        "PROMPT_COMMAND=(true)",
        "set -eu",
        "set -o vi",
        "IFS=o",
        "trap 'true' DEBUG",
        "PS1='two\\nlines$ '",
        "shopt -u promptvars",
    ],
)
async def test_a_learner_may_change_their_shell(shell: Shell, change: str) -> None:
    await shell.run(change)
    for text, code in (("echo one", 0), ("false || (exit 3) || true", 0), ("echo two  three", 0)):
        run = await shell.run(text)
        assert (run.text, run.exit) == (text, code)


async def test_the_learners_own_bashrc_is_read(lab: Lab, shell: Shell) -> None:
    await shell.run('echo \'alias hi="echo hello"; PS1="mine> "\' >> ~/.bashrc')
    other = await lab.shell("T2")
    assert (await other.run("hi")).output == "hello\n"
    await shell.run("rm ~/.bashrc")
    assert (await (await lab.shell("T3")).run("echo still")).output == "still\n"


async def test_a_line_that_bash_does_not_understand(shell: Shell) -> None:
    assert (await shell.run("echo )")).exit == 2
    assert (await shell.run("echo fine")).output == "fine\n"


async def test_shells_inside_the_shell_tell_where_they_are(lab: Lab, shell: Shell) -> None:
    await lab.run("ip netns add netns_dustin")
    for typed, namespace, cwd in (
        ("sudo ip netns exec netns_dustin bash", "netns_dustin", "/home/you"),
        ("sudo -i", "host", "/root"),
        ("bash", "host", "/home/you"),
        ("sudo unshare --net bash", "?", "/home/you"),
        ("sudo nsenter --net=/run/netns/netns_dustin bash", "netns_dustin", "/home/you"),
        ("sudo su -", "host", "/root"),
    ):
        outer = await shell.run(typed)
        assert outer.exit is None and shell.at_prompt
        inner = await shell.run("echo $SHLVL")
        assert (inner.namespace, inner.cwd) == (namespace, cwd), typed
        finished: list[CommandRun] = []
        shell.on_finished.append(finished.append)
        await shell.run("exit 5")
        shell.on_finished.remove(finished.append)
        assert [(one.text, one.exit) for one in finished] == [("exit 5", 5), (typed, 5)]


async def test_commands_pasted_at_once(shell: Shell) -> None:
    run = await shell.run("false\necho second")
    assert (run.text, run.output) == ("false\necho second", "second\n")


async def test_typing_executes_nothing(shell: Shell) -> None:
    await shell.type("touch /tmp/no")
    shell.write(b"\x15")
    shown = printed(shell, b"/tmp/nor")
    await shell.type("touch /tmp/neither\ntouch /tmp/nor")
    await asyncio.wait_for(shown, 20)
    shell.write(b"\x15")  # no Ctrl-C: in the instant in which readline paints, bash forgets it until the next key
    assert (await shell.run("ls /tmp")).output == ""


async def test_ctrl_c_and_what_runs_so_far(shell: Shell) -> None:
    begun = printed(shell, b"begun\r\n")
    await shell.type("bash -c 'echo begun; exec sleep 1000'")
    shell.write(b"\r")
    await asyncio.wait_for(begun, 20)
    assert shell.running is not None and shell.running.output == "begun\n" and shell.running.exit is None
    finished: list[CommandRun] = []
    shell.on_finished.append(finished.append)
    shell.write(b"\x03")
    await asyncio.wait_for(shell.wait_prompt(), 20)
    assert finished[0].exit == 130


async def test_job_control(shell: Shell) -> None:
    async def finished() -> CommandRun:
        waiting: asyncio.Future[CommandRun] = asyncio.get_running_loop().create_future()
        shell.on_finished.append(lambda run: waiting.done() or waiting.set_result(run))
        return await asyncio.wait_for(waiting, 20)

    begun = printed(shell, b"go\r\n")
    await shell.type("bash -c 'echo go; exec sleep 1000'")
    shell.write(b"\r")
    await asyncio.wait_for(begun, 20)
    ending = asyncio.ensure_future(finished())
    await asyncio.sleep(0)
    shell.write(b"\x1a")
    assert (await ending).exit == 148
    assert "Running" in (await shell.run("bg >/dev/null; jobs")).output
    assert (await shell.run("kill %1; wait")).exit == 0


async def test_size(shell: Shell) -> None:
    assert (await shell.run("stty size")).output == "30 100\n"
    shell.resize(60, 12)
    assert (await shell.run("stty size")).output == "12 60\n"


async def test_ten_megabytes_leave_the_loop_alive(shell: Shell) -> None:
    received = 0
    ticks = 0
    longest = 0.0

    def count(data: bytes) -> None:
        nonlocal received
        received += len(data)

    async def tick() -> None:
        nonlocal ticks, longest
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(0.005)
            longest, last, ticks = max(longest, loop.time() - last), loop.time(), ticks + 1

    shell.on_output.append(count)
    ticking = asyncio.ensure_future(tick())
    run = await shell.run("head -c 10000000 /dev/zero | tr '\\0' x | fold -w 99", timeout_seconds=120)
    ticking.cancel()
    assert received > 10_000_000 and run.exit == 0
    assert len(run.output) == 64 * 1024
    assert ticks > 10 and longest < 5


async def test_a_long_line_of_keys_is_queued(shell: Shell) -> None:
    await shell.wait_prompt()
    ready = printed(shell, b"ready")
    shell.write(b"stty -icanon -echo; echo rea''dy; sleep 0.2; head -c 300000 | wc -c; stty sane\r")
    await asyncio.wait_for(ready, 20)
    shell.write(b"k" * 300_000)
    await asyncio.wait_for(shell.wait_prompt(), 60)
    assert (await shell.run("echo after")).output == "after\n"


async def test_exit_ends_the_shell_and_a_new_one_opens(lab: Lab, shell: Shell) -> None:
    ended = asyncio.Event()
    shell.on_ended.append(ended.set)
    run = await shell.run("exit 3")
    await asyncio.wait_for(ended.wait(), 20)
    assert run.exit == 3 and shell.exit == 3 and shell.ended and not shell.at_prompt
    with pytest.raises(LabError, match="T1"):
        await shell.run("echo no")
    assert lab.lost is None
    again = await lab.shell("T1")
    assert (await again.run("echo yes")).output == "yes\n"


async def test_closing_a_shell_ends_its_jobs(lab: Lab, shell: Shell) -> None:
    await shell.run("sleep 4321 &")
    # Not before the exec: a SIGHUP that reaches bash's fork of itself is forgotten there, in any terminal.
    await lab.run("until pgrep -f 'sleep 4321'; do sleep 0.01; done", timeout_seconds=20)
    await shell.close()
    assert shell.ended
    await lab.run("while pgrep -f 'sleep 4321'; do sleep 0.01; done", timeout_seconds=20)


async def test_a_command_that_does_not_end_times_out(shell: Shell) -> None:
    with pytest.raises(TimeoutError):
        await shell.run("sleep 1000", timeout_seconds=0.3)
    shell.write(b"\x03")
    await asyncio.wait_for(shell.wait_prompt(), 20)


async def test_many_labs_at_once() -> None:
    labs = await asyncio.gather(*(Lab.start() for _ in range(3)))
    shells = await asyncio.gather(*(lab.shell(f"T{number}") for number, lab in enumerate(labs)))
    runs = await asyncio.gather(*(shell.run(f"ip netns add n{at}; ip netns") for at, shell in enumerate(shells)))
    assert [run.output.split() for run in runs] == [["n0"], ["n1"], ["n2"]]
    await asyncio.gather(*(lab.close() for lab in labs))


async def test_signals_that_the_programs_starter_ignores_work_in_a_shell() -> None:
    script = (
        "import asyncio, signal\n"
        "for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)\n"
        "from engine.lab import Lab\n"
        "async def main():\n"
        "    async with await Lab.start() as lab:\n"
        "        print((await lab.run('grep SigIgn: /proc/self/status')).output)\n"
        "asyncio.run(main())\n"
    )
    program = await asyncio.create_subprocess_exec(sys.executable, "-c", script, cwd=ROOT, stdout=subprocess.PIPE)
    said, _ = await asyncio.wait_for(program.communicate(), 60)
    assert int(said.split()[1], 16) & 0b111 == 0
