from __future__ import annotations

import pytest

from benchmarks.own import profiled
from benchmarks.own.profiled import Clocks


class Hand:
    """The hand of a clock that only work moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def perf_counter(self) -> float:
        return self.seconds

    def work(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    hand = Hand()
    monkeypatch.setattr(profiled, "time", hand)
    return hand


def test_a_call_is_not_charged_with_those_that_it_makes(hand: Hand) -> None:
    clocks = Clocks()
    inner = clocks.timed(lambda: hand.work(3), "inner")

    def call_twice() -> None:
        inner()
        hand.work(1)
        inner()

    clocks.timed(call_twice, "outer")()
    assert clocks.calls == 3
    assert dict(clocks.seconds) == {"inner": 6, "outer": 1}


def test_calls_of_one_name_within_another_count_once(hand: Hand) -> None:
    clocks = Clocks()
    inner = clocks.timed(lambda: hand.work(2), "same")
    clocks.timed(inner, "same")()
    assert dict(clocks.seconds) == {"same": 2}


def test_clearing_starts_anew(hand: Hand) -> None:
    clocks = Clocks()
    clocks.timed(lambda: hand.work(1), "something")()
    clocks.clear()
    assert (clocks.calls, dict(clocks.seconds)) == (0, {})
