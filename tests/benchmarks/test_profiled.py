from __future__ import annotations

import time

import pytest

from benchmarks.own.profiled import Clocks


def test_a_call_is_not_charged_with_those_that_it_makes() -> None:
    clocks = Clocks()
    inner = clocks.timed(lambda: time.sleep(0.03), "inner")

    def call_twice() -> None:
        inner()
        time.sleep(0.01)
        inner()

    start = time.perf_counter()
    clocks.timed(call_twice, "outer")()
    took = time.perf_counter() - start
    assert clocks.calls == 3
    assert clocks.seconds["inner"] >= 0.06
    assert 0.01 <= clocks.seconds["outer"] < took - 0.06 + 1e-3
    assert sum(clocks.seconds.values()) == pytest.approx(took, abs=1e-3)


def test_calls_of_one_name_within_another_count_once() -> None:
    clocks = Clocks()
    inner = clocks.timed(lambda: time.sleep(0.02), "same")
    start = time.perf_counter()
    clocks.timed(inner, "same")()
    assert clocks.seconds["same"] == pytest.approx(time.perf_counter() - start, abs=1e-3)


def test_clearing_starts_anew() -> None:
    clocks = Clocks()
    clocks.timed(lambda: None, "something")()
    clocks.clear()
    assert (clocks.calls, dict(clocks.seconds)) == (0, {})
