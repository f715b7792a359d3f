from __future__ import annotations

import numpy as np
import pytest

from layerkit.builtin.sgd import SgdConfig
from layerkit.testing.optimizer_case import SIZE, OptimizerCase
from layerkit.testing.sampling import FLOAT32

CONFIG = SgdConfig(learning_rate=0.1, momentum=0.5)


def test_an_optimizer_works_on_a_copy_of_its_start() -> None:
    case = OptimizerCase(CONFIG, seed=0)
    start = case.start()
    case.build(start).run(case.gradients())
    assert np.array_equal(start, case.start())


def test_every_gradient_is_a_step_with_the_configs_rate() -> None:
    case = OptimizerCase(CONFIG, seed=0)
    built = case.build(np.zeros(SIZE))
    built.run(np.ones((2, SIZE)))
    assert built.span.value == pytest.approx(np.full(SIZE, -0.25))


def test_slots_start_at_zero_in_the_dtype_asked_for() -> None:
    built = OptimizerCase(CONFIG, seed=0).build(np.ones(SIZE), FLOAT32)
    (velocity,) = built.span.slots
    assert not velocity.any()
    assert velocity.dtype == built.span.value.dtype == FLOAT32
