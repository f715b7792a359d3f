from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.sgd import SgdConfig
from layerkit.testing.sampling import FLOAT32
from layerkit.testing.trial import SIZE, OptimizerCase

CONFIG = SgdConfig(learning_rate=0.1, momentum=0.5)


def test_a_trial_works_on_a_copy_of_its_start() -> None:
    case = OptimizerCase(CONFIG, seed=0)
    start = case.start()
    case.trial(start).run(case.gradients())
    assert np.array_equal(start, case.start())


def test_every_gradient_is_a_step_with_the_configs_rate() -> None:
    case = OptimizerCase(CONFIG, seed=0)
    trial = case.trial(np.zeros(SIZE))
    trial.run(np.ones((2, SIZE)))
    assert trial.parameter.value == pytest.approx(np.full(SIZE, -0.25))


def test_slots_start_at_zero_in_the_dtype_asked_for() -> None:
    trial = OptimizerCase(CONFIG, seed=0).trial(np.ones(SIZE), FLOAT32)
    assert list(trial.slots) == ["velocity"]
    assert not trial.slots["velocity"].any()
    assert trial.slots["velocity"].dtype == trial.parameter.value.dtype == FLOAT32
