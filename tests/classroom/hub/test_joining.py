"""The code, the secrets, and how often one may try."""

from __future__ import annotations

from tui.classroom.joining import (
    ADDRESSES_KNOWN,
    CODE_LENGTH,
    CODE_LETTERS,
    Bucket,
    Rates,
    digest,
    new_code,
    new_secret,
    same_code,
)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_codes_are_what_people_can_type() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) > 190
    assert all(len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS) for code in codes)
    assert not set("0O1IL") & set(CODE_LETTERS)


def test_a_code_is_the_same_however_it_is_typed() -> None:
    for given in ("ABC234", "abc234", " abc 234 ", "abc-234"):
        assert same_code(given, "ABC234")
        assert same_code(given, "abc-234")
    for given in ("", "ABC23", "ABC2345", "ABC235", "ＡＢＣ234", "ABC234" * 1000):
        assert not same_code(given, "ABC234")


def test_secrets_are_long_and_only_digests_are_kept() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    assert len(one) >= 43
    assert digest(one) == digest(one) != digest(other)
    assert one.encode() not in digest(one)


def test_a_bucket_fills_again() -> None:
    clock = Clock()
    bucket = Bucket(2, 0.5, clock)
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    clock.now += 1.9
    assert not bucket.any()
    clock.now += 0.1
    assert bucket.take()
    assert not bucket.take()
    clock.now += 1000
    assert [bucket.take() for _ in range(3)] == [True, True, False]


def test_one_address_guesses_a_dozen_times_and_then_waits() -> None:
    clock = Clock()
    rates = Rates(30, clock)
    for _ in range(Rates.GUESSES):
        assert rates.may_try("10.0.0.1")
        rates.wrong("10.0.0.1")
    assert not rates.may_try("10.0.0.1")  # not even with the right code
    assert rates.may_try("10.0.0.2")
    clock.now += 10
    assert rates.may_try("10.0.0.1")


def test_a_crowd_of_addresses_guesses_slowly() -> None:
    clock = Clock()
    rates = Rates(30, clock)
    guessed = 0
    for second in range(3600):
        clock.now += 1
        for number in range(10):
            if rates.may_try(f"10.{second % 250}.{number}.{second // 250}"):
                rates.wrong(f"10.{second % 250}.{number}.{second // 250}")
                guessed += 1
    assert guessed <= Rates.GUESSES_OF_ALL + 3600
    assert guessed / len(CODE_LETTERS) ** CODE_LENGTH < 5e-6


def test_a_whole_room_behind_one_address_joins_at_once() -> None:
    rates = Rates(50, Clock())
    for _ in range(50):
        assert rates.may_try("192.168.1.1")
        rates.right("192.168.1.1")


def test_only_so_many_addresses_are_remembered() -> None:
    rates = Rates(5, Clock())
    for number in range(ADDRESSES_KNOWN + 50):
        rates.may_try(str(number))
    assert len(rates._of) == ADDRESSES_KNOWN
