"""Check of the memory that a loss works in."""

from __future__ import annotations

import math

import numpy as np

from layerkit.contracts.loss import LossConfig
from layerkit.testing.allocation import MANY, expect_no_allocation
from layerkit.testing.output_case import OutputCase
from layerkit.testing.sampling import FLOAT32


def steady_step_allocates_nothing(case: OutputCase[LossConfig]) -> None:
    """Check that value and gradient of many outputs allocate less than a byte for every one.

    Beside that, they may gather one number for every loss, such as the output of the right class.
    """
    count, items = -(-MANY // math.prod(case.output_shape)), case.items
    outputs = np.resize(case.outputs(case.largest, FLOAT32), (count, *case.output_shape))
    targets = case.targets(case.largest, FLOAT32)
    targets = np.resize(targets, (count, *targets.shape[1:]))
    weights, out = np.full((count, *items), 1 / count, FLOAT32), np.zeros_like(outputs)
    loss = case.config.build(case.context(count, FLOAT32))
    expect_no_allocation(
        lambda: loss.gradient(outputs, targets, weights, out), MANY, spare=weights.nbytes
    )
