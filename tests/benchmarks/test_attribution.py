from __future__ import annotations

import pytest

from benchmarks.attribution import Span, attributed


def test_a_moment_belongs_to_the_innermost_call() -> None:
    spans = [Span(2, 5, 1, "product"), Span(0, 6, 1, "dense")]
    assert attributed(spans) == {"dense": 3, "product": 3}


def test_calls_that_start_together_are_nested_by_their_ends() -> None:
    spans = [Span(0, 2, 1, "inner"), Span(0, 6, 1, "outer")]
    assert attributed(spans) == {"inner": 2, "outer": 4}


def test_threads_at_work_together_share_the_moment() -> None:
    spans = [Span(0, 4, 1, "product"), Span(2, 6, 2, "tanh")]
    assert attributed(spans) == {"product": 3, "tanh": 3}


def test_time_between_calls_belongs_to_nobody() -> None:
    spans = [Span(0, 1, 1, "a"), Span(5, 6, 1, "a")]
    assert sum(attributed(spans).values()) == pytest.approx(2)


def test_waiting_for_others_counts_only_where_nobody_works() -> None:
    spans = [Span(0, 10, 1, "wait"), Span(1, 4, 2, "product"), Span(2, 8, 3, "product")]
    assert attributed(spans, background={"wait"}) == {"wait": 3, "product": 7}
