"""Who needs the instructor, who is stuck for the same reason, and the board that is made of it."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from engine.classroom import desk
from engine.classroom.board import SeatNow, board
from engine.classroom.causes import Steps, failing_check, need, standing_told
from engine.classroom.kept import SeatStanding
from engine.classroom.outline import outline
from engine.classroom.protocol import Failing, StandingTold
from engine.course import load_course
from engine.messages import Message, render
from tests.classroom.rooms import COURSE, FAILING, NO_ROUTE, ONE, OUTLINE, ROOM_STEPS, THREE, TWO, standing, told

NOT_THERE = Failing(check="link", diagnosis="not-there", observed=NO_ROUTE)
PLANNED = OUTLINE[0].planned_seconds
ALL = {ONE: "done", TWO: "skipped", THREE: "done"}


def needs(seconds: float = 10.0, *, connected: bool = True, hand_at: float | None = None, **more: object) -> str:
    return need(replace(standing(**more), hand_at=hand_at), seconds, ROOM_STEPS, 100.0, connected=connected)  # type: ignore[arg-type]


def test_the_planned_time_of_a_lesson_is_its_minutes() -> None:
    assert sum(step.planned_seconds for step in OUTLINE) == pytest.approx(9 * 60, abs=1)
    course = load_course()
    steps = outline(course)
    assert [step.id for step in steps] == [step.id for step in course.steps]
    assert sum(step.planned_seconds for step in steps) == pytest.approx(
        60 * sum(one.minutes for one in course.lessons), abs=5
    )
    assert min(step.planned_seconds for step in steps) > 20


def test_a_room_may_have_part_of_the_course() -> None:
    assert [step.id for step in outline(COURSE, "1.2", TWO)] == [TWO]
    with pytest.raises(LookupError):
        outline(COURSE, "9.9")
    with pytest.raises(ValueError, match="comes before"):
        outline(COURSE, TWO, ONE)


@pytest.mark.parametrize(
    ("expected", "fields"),
    [
        ("away", {"connected": False, "hand_at": 1.0, "tried": 9, "failing": (FAILING,)}),
        ("hand", {"hand_at": 1.0, "lab_lost": True}),
        ("lab-lost", {"lab_lost": True, "tried": 9, "failing": (FAILING,)}),
        # nothing was tried yet, or only once: everybody's checks fail at first
        ("working", {"failing": (NOT_THERE,)}),
        ("working", {"failing": (FAILING,)}),
        ("working", {"tried": 1, "failing": (FAILING,)}),
        ("working", {"tried": 1, "failing": (NOT_THERE,)}),
        # a slip, made twice
        ("stuck", {"tried": 2, "failing": (FAILING,)}),
        # merely not finished, until the solution's commands and the planned time are used up
        ("working", {"tried": 5, "failing": (NOT_THERE,)}),
        ("working", {"tried": 2, "failing": (NOT_THERE,), "seconds": PLANNED + 1}),
        ("stuck", {"tried": 3, "failing": (NOT_THERE,), "seconds": PLANNED + 1}),
        ("stuck", {"tried": 1, "failing": (NOT_THERE,), "seconds": 2 * PLANNED + 1}),
        ("slow", {"failing": (NOT_THERE,), "seconds": 2 * PLANNED + 1}),
        ("slow", {"seconds": 2 * PLANNED + 1}),
        # what was built is broken
        ("stuck", {"tried": 1, "failing": (replace(NOT_THERE, undone=True),)}),
        # they are not at it
        ("working", {"tried": 9, "failing": (FAILING,), "state": "done", "seconds": 9999.0}),
        ("working", {"tried": 9, "failing": (FAILING,), "free_play": True, "seconds": 9999.0}),
        ("working", {"tried": 9, "failing": (FAILING,), "busy": True, "seconds": 9999.0}),
    ],
)
def test_what_a_seat_needs(expected: str, fields: dict[str, object]) -> None:
    assert needs(**fields) == expected  # type: ignore[arg-type]


def test_a_slip_is_what_was_not_said_before_anything_was_tried() -> None:
    before = standing_told(SeatStanding(), told(TWO, failing=(FAILING,)), 0.0)
    tried = standing_told(before, told(TWO, tried=2, failing=(FAILING,)), 10.0)
    assert need(tried, 20.0, ROOM_STEPS, 60.0, connected=True) == "working"
    slipped = standing_told(tried, told(TWO, tried=3, failing=(replace(FAILING, diagnosis="wrong-link"),)), 50.0)
    assert need(slipped, 20.0, ROOM_STEPS, 64.0, connected=True) == "working"  # it may be mended at once
    assert need(slipped, 20.0, ROOM_STEPS, 65.0, connected=True) == "stuck"
    again = standing_told(slipped, told(TWO, tried=4, failing=(replace(FAILING, diagnosis="wrong-link"),)), 64.0)
    assert need(again, 20.0, ROOM_STEPS, 65.0, connected=True) == "stuck"
    further = standing_told(again, told(THREE), 70.0)
    assert further.begun == () and need(further, 20.0, ROOM_STEPS, 99.0, connected=True) == "working"


def test_who_is_through_is_finished_and_who_has_not_told_yet_works() -> None:
    assert (
        need(replace(standing(THREE, state="done"), states=ALL), 9999.0, ROOM_STEPS, 0.0, connected=True) == "finished"
    )  # type: ignore[arg-type]
    assert need(SeatStanding(), 9999.0, ROOM_STEPS, 0.0, connected=True) == "working"


def test_what_was_broken_comes_first_then_what_has_a_diagnosis() -> None:
    plain, broken = Failing(check="a"), replace(NOT_THERE, check="c", undone=True)
    assert failing_check(told(failing=(plain, FAILING))) == FAILING
    assert failing_check(told(failing=(plain, FAILING, broken))) == broken
    assert failing_check(told(failing=(plain,))) == plain
    assert failing_check(told()) is failing_check(None) is None


def seat(number: int, one: StandingTold | None, **more: object) -> SeatNow:
    return SeatNow(id=number, name=f"n{number}", connected=True, standing=SeatStanding(told=one, told_at=100.0, **more))  # type: ignore[arg-type]


def make(*seats: SeatNow, now: float = 100.0) -> desk.Board:
    return board(seats, ROOM_STEPS, desk.Leading(), now)


def test_the_stuck_are_grouped_by_what_they_are_told_most_first() -> None:
    other = replace(FAILING, observed=Message("verify.route.none", {"route": "default", "where": "there"}))
    one = make(
        seat(1, told(TWO, tried=3, failing=(FAILING,))),
        seat(2, told(TWO, tried=9, failing=(FAILING,), hints=2)),
        seat(3, told(TWO, tried=3, failing=(other,))),
        seat(4, told(ONE, tried=3, failing=(FAILING,))),
        seat(5, told(TWO)),
        seat(6, told(TWO, failing=(FAILING,)), hand_at=4.0),  # has tried nothing: no cause
        seat(7, told(TWO, tried=1, failing=(FAILING,)), hand_at=4.0),
        seat(8, told(TWO, tried=1), hand_at=4.0),
    )
    causes = one.summary.causes
    assert [cause.seats for cause in causes] == [(1, 2, 7), (4,), (3,)]
    assert [cause.number for cause in causes] == ["1.2", "1.1", "1.2"]
    assert causes[0].why is not None
    assert render(causes[0].why, "en") == "There is no route `default via 10.0.0.1` in `netns_dustin`."
    assert (one.summary.stuck, one.summary.hands) == (5, 3)


def test_a_cause_is_the_same_after_a_journey_as_json() -> None:
    before = make(seat(1, told(TWO, tried=3, failing=(FAILING,))))
    kept = msgspec.json.decode(msgspec.json.encode(told(TWO, tried=3, failing=(FAILING,))), type=StandingTold)
    assert make(seat(1, kept)).summary.causes[0].id == before.summary.causes[0].id


def test_the_slow_have_a_cause_without_words() -> None:
    (cause,) = make(seat(1, told(TWO)), seat(2, told(TWO)), now=9000.0).summary.causes
    assert (cause.seats, cause.why, cause.check) == ((1, 2), None, "")


def test_rows_are_sorted_by_need() -> None:
    rows = make(
        seat(1, told(THREE)),
        replace(seat(2, told(ONE)), connected=False),
        seat(3, told(ONE, tried=3, failing=(FAILING,))),
        seat(4, told(ONE), hand_at=7.0),
        seat(5, told(ONE, lab_lost=True)),
        seat(6, told(THREE, state="done"), states=ALL),
        seat(7, told(ONE), hand_at=3.0),
        seat(8, told(ONE)),
        seat(9, told(ONE, tried=3, step_seconds=99.0, failing=(FAILING,))),
    ).rows
    assert [row.seat for row in rows] == [7, 4, 5, 9, 3, 8, 1, 6, 2]


def test_time_goes_on_while_somebody_is_at_it() -> None:
    at_it, done = seat(1, told(step_seconds=10.0)), seat(2, told(step_seconds=10.0, state="done"))
    away = replace(seat(3, told(step_seconds=10.0)), connected=False)
    assert {row.seat: row.seconds for row in make(at_it, done, away, now=105.0).rows} == {1: 15.0, 2: 10.0, 3: 10.0}


def test_the_summary_counts_places_and_paces() -> None:
    summary = make(
        seat(1, told(TWO), states={ONE: "done"}, paces={ONE: PLANNED}),
        seat(2, told(TWO, tried=3, failing=(FAILING,)), states={ONE: "done"}, paces={ONE: 3 * PLANNED}),
        seat(3, told(THREE), states={ONE: "done", TWO: "skipped"}, paces={ONE: 2 * PLANNED}),
        replace(seat(4, told(ONE)), connected=False),
    ).summary
    assert [(one.here, one.stuck, one.passed) for one in summary.steps] == [(0, 0, 3), (2, 1, 1), (1, 0, 0)]
    assert (summary.seats, summary.connected, summary.pace) == (4, 3, 2.0)
    assert summary.percent == 33


def test_an_empty_room() -> None:
    assert make().summary == desk.Summary(steps=make().summary.steps) and make().rows == ()


def test_a_room_that_means_to_do_part_of_the_course_counts_that_and_shows_who_went_further() -> None:
    steps = Steps.of(COURSE, ONE, ONE)
    seats = (
        seat(1, told(ONE), states={}),
        seat(2, told(THREE), states={ONE: "done", TWO: "done"}),
    )
    one = board(seats, steps, desk.Leading(), 100.0)
    assert [(row.seat, row.percent, row.need, row.number) for row in one.rows] == [
        (1, 0, "working", "1.1"),
        (2, 100, "finished", "1.3"),
    ]
    assert [count.step for count in one.summary.steps] == [ONE, THREE]
