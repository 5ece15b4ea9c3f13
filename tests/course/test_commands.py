"""Fences and alternatives: what is typed, where, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.course import load_course
from engine.course.fences import namespace_of
from engine.course.model import Command, Step
from engine.verify.commandline import namespace_of as parsed_namespace_of
from tests.course.writing import load, step

CHECK = "<!-- checks\n- id: there\n  link: {name: a}\n-->\n"


def only(tmp_path: Path, body: str) -> Step:
    return load(tmp_path, n01_a=step(body)).steps[0]


def commands(tmp_path: Path, fence: str) -> tuple[Command, ...]:
    return only(tmp_path, f"```console {fence}\n```\n").commands


def test_words_of_a_fence(tmp_path: Path) -> None:
    (ping,) = commands(tmp_path, "T2 look interrupt exit=1\n$ ping 10.0.0.1\nPING …\n^C\n\n1 packets\n\n")
    assert ping == Command(
        text="ping 10.0.0.1",
        terminal="T2",
        look=True,
        interrupt=True,
        exit=1,
        shows=("PING …", "^C", "", "1 packets"),
    )


@pytest.mark.parametrize("words", ["exit=7", "exit=failure", "interrupt"])
def test_what_fails_or_is_interrupted_is_not_replayed(words: str, tmp_path: Path) -> None:
    assert commands(tmp_path, f"T1 {words}\n$ curl x")[0].look


def test_continued_and_several_commands(tmp_path: Path) -> None:
    first, second = commands(tmp_path, "T1\n$ cat x | grep y \\\n>   || echo z\nz\n$ true")
    assert first.text == "cat x | grep y \\\n  || echo z" and first.shows == ("z",)
    assert second.text == "true"


def test_a_line_with_an_arrow_in_the_output_continues_nothing(tmp_path: Path) -> None:
    (only_one,) = commands(tmp_path, "T1\n$ curl -v x\n* Connected\n> GET / HTTP/1.1")
    assert only_one.shows == ("* Connected", "> GET / HTTP/1.1")


def test_a_server_and_its_end(tmp_path: Path) -> None:
    server, end = only(
        tmp_path, "```console T1 runs\n$ python3 -m http.server 8080\n```\n\n```console T1\n$ ^C\n```\n"
    ).commands
    assert server.runs and not server.look
    assert end == Command(text="^C", terminal="T1")


@pytest.mark.parametrize(
    "text",
    [
        "sudo ip netns exec netns_dustin curl localhost:8080",
        "ip netns exec a ip netns exec b true",
        "ip -n netns_dustin addr add 10.0.0.11/24 dev veth_ns_dustin",
        "nsenter --net=/run/netns/netns_dustin ping -c 1 x",
        "sudo ip netns exec netns_dustin sh -c 'ping -c 1 x; true'",
        "ip link list | grep -n veth",
        "sudo ip netns add netns_dustin",
        "ip link list",
    ],
)
def test_the_quick_way_to_a_namespace_agrees_with_the_parser(text: str) -> None:
    assert namespace_of(text) == parsed_namespace_of(text)


def test_commands_of_an_unguided_step(tmp_path: Path) -> None:
    body = '<details class="solution"><summary>S</summary>\n\n```console T4\n$ true\n```\n\n</details>\n'
    text = step("Find out.\n\n" + body, id="one unguided")
    (task,) = load(tmp_path, n01_a=text).steps
    assert task.unguided and task.commands == (Command(text="true", terminal="T4"),)
    assert task.body.en == "Find out."


def test_a_docker_fence_is_shown_and_never_run(tmp_path: Path) -> None:
    shown = only(tmp_path, "```console docker\n$ docker ps\n```\n\n```console T1\n$ true\n```\n")
    assert [command.text for command in shown.commands] == ["true"]
    assert "```console docker\n$ docker ps\n```" in shown.body.en


def placed(tmp_path: Path, fences: str, accepted: str, before: str = "") -> list[list[tuple[str, str]]]:
    text = "# Title\n\n" + (f"## Before\n\n<!-- step: before -->\n\n{before}\n" if before else "")
    text += f"## Step\n\n<!-- step: one -->\n\n{fences}\n{CHECK}\n<!-- accepted\n{accepted}\n-->\n"
    (tmp_path / "01-a.md").write_text(text, encoding="utf-8")
    step_ = load_course(tmp_path).steps[-1]
    return [[(one.terminal, one.text) for one in way.commands] for way in step_.accepted]


def test_an_alternative_is_typed_where_the_step_is(tmp_path: Path) -> None:
    ways = placed(tmp_path, "```console T3\n$ x\n```\n", "- a\n- [b, c]\n- {run: d, in: T2}\n- {run: [e, f], in: T5}")
    assert ways == [[("T3", "a")], [("T3", "b"), ("T3", "c")], [("T2", "d")], [("T5", "e"), ("T5", "f")]]


def test_after_a_server_the_next_terminal_is_used(tmp_path: Path) -> None:
    ways = placed(tmp_path, "```console T2\n$ x\n```\n", "- [{run: serve, runs: true}, look, ^C, again]")
    assert ways == [[("T2", "serve"), ("T1", "look"), ("T2", "^C"), ("T1", "again")]]


def test_a_terminal_with_an_earlier_server_is_left_alone(tmp_path: Path) -> None:
    before = "```console T1 runs\n$ serve\n```\n\n```console T2 runs\n$ serve again\n```\n"
    ways = placed(tmp_path, "```console T1\n$ ^C\n$ x\n```\n", "- look\n- [^C, look]", before)
    assert ways == [[("T3", "look")], [("T1", "^C"), ("T1", "look")]]


def test_runs_and_namespace_of_a_mapping(tmp_path: Path) -> None:
    body = f"```console T1\n$ x\n```\n\n{CHECK}\n<!-- accepted\n- {{run: [a, b], namespace: n, runs: true}}\n-->\n"
    (way,) = only(tmp_path, body).accepted
    assert [(one.namespace, one.runs) for one in way.commands] == [("n", False), ("n", True)]


def test_words_stay_words(tmp_path: Path) -> None:
    """YAML would make a truth value of ``true`` and ``No``."""
    body = "<!-- predict\nquestion: Q?\nanswers: [Yes, No, 10]\nright: 2\n-->\n\n```console T1\n$ x\n```\n"
    body += f"\n{CHECK}\n<!-- accepted\n- true\n-->\n"
    one = only(tmp_path, body)
    assert [answer.en for answer in one.predictions[0].answers] == ["Yes", "No", "10"]
    assert one.predictions[0].right == 1
    assert one.accepted[0].commands[0].text == "true"


def test_predictions_stand_before_the_command_that_follows(tmp_path: Path) -> None:
    ask = "<!-- predict\nquestion: Q?\nanswers: [A, B]\nright: 1\n-->\n\n"
    body = f"{ask}```console T1\n$ one\n$ two\n```\n\n{ask}```console T1\n$ three\n```\n"
    assert [question.before for question in only(tmp_path, body).predictions] == [0, 2]
