from __future__ import annotations

import numpy as np
import pytest

from layerkit.component import Extension
from layerkit.engine.inspection.arrays import (
    Untouched,
    check_array,
    check_finite,
    is_tame,
    origin_of,
)
from layerkit.engine.inspection.watch import Check, watched
from layerkit.errors import PluginError


class Counter(Extension):
    def __init__(self) -> None:
        self.calls = 0

    def call(self) -> None:
        self.calls += 1


def test_a_check_stands_in_for_a_method_while_it_is_watched() -> None:
    counter, seen = Counter(), list[str]()
    with watched([Check(counter, "call", lambda: seen.append("watched"))]):
        counter.call()
    counter.call()
    assert (seen, counter.calls) == (["watched"], 1)
    assert "call" not in vars(counter)


def test_nothing_is_watched_after_an_error() -> None:
    counter = Counter()
    with pytest.raises(ZeroDivisionError), watched([Check(counter, "call", lambda: 1 / 0)]):
        counter.call()
    assert "call" not in vars(counter)


def test_what_is_written_is_told_by_its_name() -> None:
    x = np.zeros((3, 2), np.float32)
    untouched = Untouched(Counter(), "forward", {"its input": x.T, "its mask": None})
    untouched.check()
    x[2, 1] = 1
    with pytest.raises(PluginError, match="'forward' to leave its input as it is, found it chang"):
        untouched.check()


@pytest.mark.parametrize(
    "found",
    [None, [1.0, 2.0], np.zeros((3, 2)), np.zeros((2, 3), np.float32), np.zeros((3, 2), int)],
)
def test_an_array_has_the_shape_and_dtype_that_were_planned(found: object) -> None:
    check_array(Counter(), "forward", np.zeros((3, 2), np.float32), (3, 2), np.dtype(np.float32))
    with pytest.raises(PluginError, match=r"an array of shape \(3, 2\) and float32, found"):
        check_array(Counter(), "forward", found, (3, 2), np.dtype(np.float32))


def test_what_is_not_finite_is_a_fault_if_all_that_it_is_made_of_is_small() -> None:
    small, large = np.full(3, 80.0), np.full(3, 81.0)
    wrong = np.array([[0.0, np.inf], [np.nan, 0.0]])
    with pytest.raises(PluginError, match=r"found inf at index \(0, 1\), one of 2"):
        check_finite(Counter(), "the output", wrong, small)
    check_finite(Counter(), "the output", wrong, small, large)
    check_finite(Counter(), "the output", small, small)
    assert is_tame(small, np.zeros(0), np.arange(3))
    assert not is_tame(np.array([np.nan]))


def test_a_view_lies_in_the_memory_of_its_origin() -> None:
    x = np.zeros((4, 4))
    assert origin_of(x[1:].reshape(-1)[2:]) is x
