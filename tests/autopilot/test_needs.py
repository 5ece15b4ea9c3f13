"""What must hold where a talk stands."""

from __future__ import annotations

from engine.course import load_course
from engine.session.autopilot.needs import needed_checks

COURSE = load_course()


def needed(step: str, **how: object) -> set[str]:
    checks = needed_checks(COURSE, COURSE.step(step), **{"begun": False, "over": False, **how})  # type: ignore[arg-type]
    owners = {id(check): one.id for one in COURSE.steps for check in one.checks}
    return {f"{owners[id(check)]}:{check.id}" for check in checks}


def test_what_earlier_steps_built_and_nothing_has_ended() -> None:
    assert "veth/create-pair:pair" in needed("9.1")
    assert "veth/create-pair:both-here" not in needed("9.1")


def test_what_a_step_ends_is_needed_until_it_has_begun() -> None:
    assert "veth/create-pair:both-here" in needed("veth/move-end")
    assert "veth/create-pair:both-here" not in needed("veth/move-end", begun=True)


def test_of_its_own_checks_those_that_held_and_all_when_it_is_over() -> None:
    step = COURSE.step("veth/create-pair")
    own = {f"{step.id}:{check.id}" for check in step.checks if check.kind == "link"}
    assert not own & needed(step.id)
    assert needed(step.id, begun=True, held=("pair",)) & own == {"veth/create-pair:pair"}
    assert own <= needed(step.id, begun=True, over=True)


def test_commands_and_probes_are_not_asked_for_again() -> None:
    assert "veth/create-pair:seen" not in needed("9.1", begun=True, over=True)


def test_nothing_is_needed_at_the_beginning_and_at_the_end_only_what_stays() -> None:
    assert needed("1.1") == set()
    assert "veth/create-pair:pair" not in needed("10.7", begun=True, over=True)
