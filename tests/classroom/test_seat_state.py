"""What the classroom is to one learner: orders and keys in, facts and what is shown out."""

from __future__ import annotations

import pytest

from engine.classroom import protocol as p
from engine.classroom.seat_state import MESSAGES_AT_MOST, SeatState, Word


class Seat:
    """A state with its facts, its changes, and a clock to be moved."""

    def __init__(self) -> None:
        self.facts: list[p.Fact] = []
        self.changes = 0
        self.now = 100.0
        self.state = SeatState(self.facts.append, self._changed, lambda: self.now)

    def _changed(self) -> None:
        self.changes += 1


@pytest.fixture
def seat() -> Seat:
    return Seat()


def test_the_hand_is_raised_lowered_and_seen_to(seat: Seat) -> None:
    seat.state.raise_or_lower_hand()
    assert seat.state.hand
    seat.state.raise_or_lower_hand()
    assert not seat.state.hand
    seat.state.raise_or_lower_hand()
    seat.state.heed(p.LowerHand())
    assert not seat.state.hand
    assert seat.facts == [p.HandRaised(up=True), p.HandRaised(up=False), p.HandRaised(up=True)]


def test_a_hand_that_was_up_is_up_in_the_next_process_unless_it_was_lowered_meanwhile(seat: Seat) -> None:
    seat.state.heed(p.HandUp())
    assert seat.state.hand
    seat.state.raise_or_lower_hand()
    seat.state.heed(p.HandUp())
    assert not seat.state.hand
    assert seat.facts == [p.HandRaised(up=False)]


def test_nobody_types_without_consent_and_one_key_withdraws_it(seat: Seat) -> None:
    assert not seat.state.consent_or_withdraw()
    seat.state.heed(p.OfferHelp())
    assert seat.state.help == "offered"
    assert seat.state.consent_or_withdraw()
    assert seat.state.help == "given"
    seat.state.heed(p.OfferHelp())  # once more: nothing to ask
    assert seat.state.help == "given"
    assert seat.state.consent_or_withdraw()
    assert seat.state.help == "none"
    assert seat.facts == [p.HelpAnswered(consent=True), p.HelpAnswered(consent=False)]


def test_an_offer_is_declined_before_a_message_is_put_away(seat: Seat) -> None:
    seat.state.heed(p.Say(text="hello"))
    seat.state.heed(p.OfferHelp())
    assert seat.state.put_away()
    assert seat.state.help == "none"
    assert seat.facts == [p.HelpAnswered(consent=False)]
    assert seat.state.put_away()
    assert not seat.state.messages
    assert not seat.state.put_away()


def test_the_instructor_lets_go(seat: Seat) -> None:
    seat.state.heed(p.OfferHelp())
    seat.state.consent_or_withdraw()
    seat.state.heed(p.OfferHelp(on=False))
    assert seat.state.help == "none"


def test_messages_are_kept_until_put_away_but_not_without_end(seat: Seat) -> None:
    seat.state.heed(p.Say(text="  "))
    assert not seat.state.messages
    for number in range(MESSAGES_AT_MOST + 5):
        seat.state.heed(p.Say(text=f"message {number}"))
    seat.state.remind("own words")
    assert len(seat.state.messages) == MESSAGES_AT_MOST
    assert seat.state.messages[-1] == Word("own words", instructor=False)
    seat.state.put_away()
    assert seat.state.messages[-1] == Word(f"message {MESSAGES_AT_MOST + 4}", instructor=True)


def test_an_exercises_time_runs_out_and_stays_out(seat: Seat) -> None:
    assert seat.state.timer is None
    seat.state.heed(p.Timer(seconds=60, text="pairs"))
    seat.now += 45
    assert seat.state.timer == 15
    seat.now += 45
    assert seat.state.timer == 0
    assert seat.state.timer_text == "pairs"
    seat.state.heed(p.Timer(seconds=None))
    assert seat.state.timer is None
    assert seat.state.timer_text == ""


def test_what_ends_with_the_connection_and_what_does_not(seat: Seat) -> None:
    for order in (p.Say(text="hello"), p.Watched(watchers=2), p.OfferHelp(), p.Freeze(on=True, text="look")):
        seat.state.heed(order)
    seat.state.heed(p.Mirror(on=True, columns=100, rows=30))
    seat.state.consent_or_withdraw()
    seat.state.raise_or_lower_hand()
    seat.facts.clear()
    seat.state.connection(False)
    state = seat.state
    assert (state.watchers, state.help, state.frozen, state.mirror, state.connected) == (0, "none", False, None, False)
    assert state.messages and state.hand
    seat.state.connection(True)
    assert seat.facts == [p.HandRaised(up=True)]


def test_orders_for_others_change_nothing(seat: Seat) -> None:
    for order in (p.Acknowledged(number=3), p.Gate(last=None), p.Take(step="x"), p.WantNetwork(), p.PushHint()):
        seat.state.heed(order)
    assert seat.changes == 0
    seat.state.heed(p.RoomClosed())
    assert seat.state.closed
    assert seat.changes == 1
