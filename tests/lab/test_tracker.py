"""Commands, followed by marks alone."""

from __future__ import annotations

from engine.lab.command import CommandRun
from engine.lab.tracker import OUTPUT_CHARACTERS, CommandTracker


class Heard:
    """A tracker, what it has said, and short words for what a bash prints."""

    def __init__(self) -> None:
        self.tracker = CommandTracker("T1")
        self.started: list[CommandRun] = []
        self.finished: list[CommandRun] = []
        self.prompts = 0
        self.tracker.on_started.append(self.started.append)
        self.tracker.on_finished.append(self.finished.append)
        self.tracker.on_prompt.append(self._prompted)

    def _prompted(self) -> None:
        self.prompts += 1

    def prompt(self, shell: int, number: int, code: int = 0) -> None:
        self.tracker.feed(
            f"\x1b]133;D;{code};aid={shell}\x07\x1b]133;A;aid={shell};n={number}\x07$ \x1b]133;B\x07".encode()
        )

    def command(self, shell: int, text: str, namespace: str = "host") -> None:
        self.tracker.feed(f"\x1b]133;C;aid={shell};ns={namespace};cwd=/;cmdline_url={text}\x07".encode())


def test_a_command_from_prompt_to_prompt() -> None:
    heard = Heard()
    heard.prompt(6, 1)
    assert heard.tracker.at_prompt and heard.tracker.running is None
    heard.tracker.feed(b"echo hi\r\n")  # the echo of what is typed is no output
    heard.command(6, "echo hi")
    assert not heard.tracker.at_prompt
    heard.tracker.feed(b"h")
    heard.tracker.feed(b"i\r\n")
    assert heard.tracker.running is not None and heard.tracker.running.output == "hi\n"
    heard.prompt(6, 2, code=3)
    (run,) = heard.finished
    assert (run.text, run.exit, run.output) == ("echo hi", 3, "hi\n")
    assert (run.namespace, run.cwd, run.terminal) == ("host", "/", "T1")
    assert heard.started[0].id == run.id and heard.started[0].exit is None
    assert heard.tracker.at_prompt and heard.prompts == 2


def test_a_prompt_that_is_redrawn_is_not_a_new_one() -> None:
    heard = Heard()
    heard.prompt(6, 1)
    heard.tracker.entered()
    heard.prompt(6, 1)
    assert heard.prompts == 1 and not heard.tracker.at_prompt
    heard.prompt(6, 2)
    assert heard.prompts == 2 and heard.tracker.at_prompt


def test_a_bash_inside_a_bash() -> None:
    heard = Heard()
    heard.prompt(6, 1)
    heard.command(6, "sudo ip netns exec netns_dustin bash")
    heard.prompt(9, 1)
    outer = heard.started[0]
    assert heard.tracker.at_prompt and heard.tracker.running is None
    assert heard.tracker.unfinished(outer.id) is not None
    heard.command(9, "ip link", "netns_dustin")
    heard.tracker.feed(b"1: lo\r\n")
    heard.prompt(9, 2)
    assert [(run.text, run.namespace, run.output) for run in heard.finished] == [("ip link", "netns_dustin", "1: lo\n")]
    heard.command(9, "exit 4", "netns_dustin")
    heard.prompt(6, 2, code=4)
    assert [(run.text, run.exit) for run in heard.finished[1:]] == [
        ("exit 4", 4),
        ("sudo ip netns exec netns_dustin bash", 4),
    ]
    assert heard.tracker.unfinished(outer.id) is None


def test_commands_that_are_pasted_at_once_are_one() -> None:
    heard = Heard()
    heard.prompt(6, 1)
    heard.command(6, "false")
    heard.command(6, "echo b")
    heard.tracker.feed(b"b\r\n")
    heard.prompt(6, 2)
    (run,) = heard.finished
    assert (run.text, run.output, run.exit) == ("false\necho b", "b\n", 0)
    assert len(heard.started) == 1


def test_a_line_that_bash_does_not_understand() -> None:
    heard = Heard()
    heard.prompt(6, 1)
    heard.prompt(6, 2, code=2)
    assert not heard.finished
    assert heard.tracker.not_understood("echo )").exit == 2


def test_the_end_of_the_shell_ends_what_ran() -> None:
    heard = Heard()
    heard.prompt(6, 1)
    heard.command(6, "bash")
    heard.prompt(9, 1)
    heard.command(9, "sleep 100")
    heard.tracker.ended(137)
    assert [(run.text, run.exit) for run in heard.finished] == [("sleep 100", 137), ("bash", 137)]
    assert heard.tracker.running is None


def test_endless_output_takes_bounded_memory() -> None:
    heard = Heard()
    heard.prompt(6, 1)
    heard.command(6, "yes")
    for _ in range(200):
        heard.tracker.feed(b"y\r\n" * 5000)
    heard.prompt(6, 2)
    assert len(heard.finished[0].output) == OUTPUT_CHARACTERS
    assert set(heard.finished[0].output) == {"y", "\n"}
