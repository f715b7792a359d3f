from __future__ import annotations

import math

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import StepEnded, TrainingStarted
from layerkit.engine.training import train
from layerkit.errors import DivergedError
from tests.helpers.specs import small_spec


class Setting(Callback):
    """Assigns a number to a whole parameter after a step, and keeps the parameters after it."""

    def __init__(self, path: str, value: float, step: int = 2) -> None:
        self._path = path
        self._value = value
        self._step = step
        self.run: Run | None = None
        self.parameters: dict[str, Array] = {}

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self.run = run

    def step_ended(self, event: StepEnded) -> None:
        if self.run is not None and event.step == self._step:
            self.run.parameters[self._path].fill(self._value)
            self.parameters = {path: each.copy() for path, each in self.run.parameters.items()}


def test_the_layer_whose_output_is_not_finite_is_named_and_parameters_stay() -> None:
    setting = Setting("dense_2.weight", 3e38)
    with pytest.raises(DivergedError, match=r"at step 3 .*; the output of dense_2 is the first"):
        train(small_spec("layers.1='standardize'"), [setting])
    assert setting.run is not None
    for path, array in setting.parameters.items():
        np.testing.assert_array_equal(setting.run.parameters[path], array)


def test_the_parameter_nearest_to_the_loss_that_is_not_finite_is_named() -> None:
    expected = r"at step 3 .*; dense_1\.bias has numbers that are not finite; lower"
    with pytest.raises(DivergedError, match=expected):
        train(small_spec(), [Setting("dense_1.bias", math.nan)])
    both = [Setting("dense_1.bias", math.nan), Setting("dense_2.weight", math.inf)]
    expected = r"; dense_2\.weight has numbers that are not finite, as has another; lower"
    with pytest.raises(DivergedError, match=expected):
        train(small_spec(), both)


def test_a_validation_that_is_not_finite_names_the_layer() -> None:
    one_step = ("training={epochs = 1, batch_size = 'full'}", "layers.3.name='last'")
    expected = r"the validation loss is (inf|nan) after step 1 .*; the output of last is the first"
    with pytest.raises(DivergedError, match=expected):
        train(small_spec(*one_step, "layers.1='standardize'"), [Setting("last.weight", 3e38, 1)])
