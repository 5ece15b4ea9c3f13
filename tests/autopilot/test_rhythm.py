"""Typing that looks like a person's: never a slip, breaths where a person takes them, the same from the same seed."""

from __future__ import annotations

from statistics import mean

import pytest

from engine.session.autopilot.rhythm import Rhythm, typing_seconds

COMMAND = 'cat /etc/sysctl.conf | grep "^net.ipv4.ip_forward=1" || echo "x" | sudo tee -a /etc/sysctl.conf'


def test_types_exactly_the_command() -> None:
    assert "".join(one.text for one in Rhythm(3).keystrokes(COMMAND)) == COMMAND
    assert "".join(one.text for one in Rhythm(3).keystrokes("for i in 1 2\ndo echo 网络\ndone")) == (
        "for i in 1 2\ndo echo 网络\ndone"
    )


def test_the_same_seed_gives_the_same_rhythm_and_another_another() -> None:
    assert Rhythm(7).keystrokes(COMMAND) == Rhythm(7).keystrokes(COMMAND)
    assert Rhythm(7).keystrokes(COMMAND) != Rhythm(8).keystrokes(COMMAND)


def test_pauses_come_before_words_not_in_them() -> None:
    strokes = [stroke for seed in range(30) for stroke in zip(*_pairs(seed), strict=True)]
    after_space = [seconds for before, seconds in strokes if before == " "]
    in_word = [seconds for before, seconds in strokes if before.isalpha()]
    after_pipe = [seconds for before, seconds in strokes if before == "|"]
    assert min(after_space) > max(in_word)
    assert mean(after_pipe) > mean(after_space) > 2 * mean(in_word)
    assert len({round(seconds, 4) for seconds in in_word}) > 100


def _pairs(seed: int) -> tuple[list[str], list[float]]:
    strokes = Rhythm(seed).keystrokes(COMMAND)
    return [one.text for one in strokes[:-1]], [one.seconds for one in strokes[1:]]


def test_looks_at_the_line_before_enter() -> None:
    assert all(0.4 <= Rhythm(seed).before_enter() <= 0.9 for seed in range(50))


@pytest.mark.parametrize("text", [COMMAND, "ip link list", "sudo ip netns exec netns_dustin curl localhost:8080"])
def test_the_estimate_is_the_mean_of_what_happens(text: str) -> None:
    real = []
    for seed in range(300):
        rhythm = Rhythm(seed)
        real.append(sum(one.seconds for one in rhythm.keystrokes(text)) + rhythm.before_enter())
    assert mean(real) == pytest.approx(typing_seconds(text), rel=0.04)


def test_a_person_could_type_so_fast() -> None:
    characters_a_second = len(COMMAND) / typing_seconds(COMMAND)
    assert 6 < characters_a_second < 14
