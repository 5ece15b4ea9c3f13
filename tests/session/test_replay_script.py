"""The script that brings a fresh lab to where a journal ended, run by a real bash."""

from __future__ import annotations

import subprocess

from engine.course.model import Command, Course, Lesson, Step, Text
from engine.session.progress import Entry, live
from engine.session.replay import entries_before, extend, script


def entry(text: str, **fields: object) -> Entry:
    return Entry(step="a/b", terminal="T1", text=text, **fields)  # type: ignore[arg-type]


def bash(text: str) -> tuple[int, str]:
    done = subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_commands_run_in_order_in_one_shell() -> None:
    assert bash(script([entry("x=1"), entry("echo $x"), entry("x=2; echo $x")])) == (0, "1\n2\n")


def test_servers_are_left_to_their_terminals() -> None:
    assert script([entry("python3 -m http.server", runs=True), entry("server &", background=True)]) == ""


def test_the_first_failure_is_named_and_ends_it() -> None:
    code, output = bash(script([entry("echo one"), entry("echo two; false"), entry("echo three")]))
    assert code != 0
    assert output == "one\ntwo\nnsteps-replay:1\n"


def test_what_failed_for_the_learner_may_fail_again() -> None:
    assert bash(script([entry("echo one; false", failed=True), entry("echo two")])) == (0, "one\ntwo\n")


def test_exit_ends_only_its_own_command() -> None:
    assert bash(script([entry("echo one; exit"), entry("echo two")])) == (0, "one\ntwo\n")


def test_comments_and_here_documents_do_not_swallow_what_follows() -> None:
    texts = ["echo one # a comment", "cat <<E\ntwo\nE", "echo three \\\n  four"]
    assert bash(script([entry(text) for text in texts])) == (0, "one\ntwo\nthree four\n")


def test_plain_sudo_needs_no_program_of_its_own() -> None:
    assert bash(script([entry("sudo echo one"), entry("echo two | sudo cat")])) == (0, "one\ntwo\n")


def test_a_command_runs_where_it_was_typed() -> None:
    assert "ip netns exec netns_dustin bash -c 'ip link set lo up'" in script(
        [entry("ip link set lo up", namespace="netns_dustin")]
    )
    assert bash(script([entry("pwd", cwd="/"), entry("cd /tmp && pwd")])) == (0, "/\n/tmp\n")


def test_the_journal_of_a_course_leaves_out_what_only_looks_and_servers_that_were_stopped() -> None:
    commands = (
        Command(text="server", runs=True, terminal="T1"),
        Command(text="ip link", look=True),
        Command(text="ip netns add x", terminal="T2"),
        Command(text="other", runs=True, terminal="T3"),
    )
    one = Step(id="a/one", number="1.1", title=Text(""), body=Text(""), commands=commands)
    two = Step(id="a/two", number="1.2", title=Text(""), body=Text(""), commands=(Command(text="^C", terminal="T1"),))
    lesson = Lesson(id="a", number=1, title=Text(""), intro=Text(""), recap=Text(""), docker=Text(""), steps=(one, two))
    course = Course(lessons=(lesson,))
    assert entries_before(course, one) == []
    assert [one.text for one in entries_before(course, two)] == ["server", "ip netns add x", "other"]
    assert [one.text for one in live(entries_before(course, None))] == ["ip netns add x", "other"]
    entries = entries_before(course, two)
    extend(entries, "a/two", two.commands)
    assert entries == entries_before(course, None)


def test_the_script_says_when_it_comes_to_a_server() -> None:
    code, output = bash(script([entry("echo one"), entry("server", runs=True), entry("echo two")]))
    assert (code, output) == (0, "one\nnsteps-replay-at:1\ntwo\n")
