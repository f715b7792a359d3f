from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from layerkit.contracts.events import EpochEnded
from layerkit.engine.checkpoint import TrainingState
from layerkit.testing.ends import End, difference, numbers_apart

EPOCH = EpochEnded(1, 5, 0.1, {"loss": math.nan}, {"loss": 0.5}, 2.0, 100.0)
STATE = TrainingState(
    {"parameters": np.zeros(2), "slot velocity": np.ones(2)},
    {"progress": {"step": 5}, "schedule": {"inner": {"best": 0.5}}},
    [EPOCH],
    (),
    {},
)
END = End({"dense_1.bias": np.zeros(2, np.float32)}, STATE)


def ended(state: TrainingState) -> End:
    return End(END.arrays, state)


def test_ends_are_the_same_whatever_time_they_took() -> None:
    slower = dataclasses.replace(EPOCH, seconds=3.0, examples_per_second=1.0)
    assert difference(END, ended(dataclasses.replace(STATE, history=[slower]))) == ""


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (
            End({"dense_1.bias": np.array([0.0, -0.0], np.float32)}, STATE),
            "dense_1.bias: expected np.float32(0.0), found np.float32(-0.0) at (1,); 1 of 2 values "
            "differ",
        ),
        (
            End({"dense_1.bias": np.zeros(2)}, STATE),
            "dense_1.bias: expected float32 (2,), found float64 (2,)",
        ),
        (End({}, STATE), "expected the arrays dense_1.bias, slot velocity; found slot velocity"),
        (
            ended(dataclasses.replace(STATE, arrays={"slot velocity": np.array([1.0, 2.0])})),
            "slot velocity: expected np.float64(1.0), found np.float64(2.0) at (1,); 1 of 2 values "
            "differ",
        ),
        (
            ended(
                dataclasses.replace(
                    STATE, numbers={"progress": {"step": 5}, "schedule": {"inner": {"best": 0.25}}}
                )
            ),
            "schedule.inner.best: expected 0.5, found 0.25",
        ),
        (ended(dataclasses.replace(STATE, history=[])), "history: expected 1 epochs, found 0"),
        (
            ended(
                dataclasses.replace(
                    STATE, history=[dataclasses.replace(EPOCH, validation={"loss": 0.75})]
                )
            ),
            "history of epoch 1.validation.loss: expected 0.5, found 0.75",
        ),
    ],
)
def test_the_first_difference_is_named(other: End, expected: str) -> None:
    assert difference(END, other) == expected


def test_numbers_that_differ_anyway_do_not_count() -> None:
    later = ended(dataclasses.replace(STATE, numbers={**STATE.numbers, "progress": {"step": 6}}))
    ignored = numbers_apart(END, later)
    assert ignored == {"progress.step"}
    assert difference(END, later, ignored) == ""
    assert difference(END, later) == "progress.step: expected 5, found 6"
