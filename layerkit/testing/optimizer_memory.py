"""Checks of the memory that an optimizer is given: slots and scratch."""

from __future__ import annotations

import itertools

import numpy as np

from layerkit.testing.allocation import MANY, expect_no_allocation
from layerkit.testing.build import build_optimizer
from layerkit.testing.expect import expect_same
from layerkit.testing.optimizer_case import OptimizerCase
from layerkit.testing.sampling import FLOAT32


def scratch_carries_nothing(case: OptimizerCase) -> None:
    """Check that what was in the scratch memory before a step does not matter."""
    clean, dirty = case.build(case.start()), case.build(case.start())
    for step, gradient in enumerate(case.gradients(), start=1):
        dirty.span.scratch.fill(np.nan)
        for built in (clean, dirty):
            built.run(gradient[None], first=step)
    expect_same("parameters", clean.span.value, dirty.span.value)


def slots_are_used(case: OptimizerCase) -> None:
    """Check that every slot asked for is written."""
    built = case.build(case.start())
    built.run(case.gradients())
    for name, slot in zip(case.config.slots(), built.span.slots, strict=True):
        if not slot.any():
            raise AssertionError(f"slot '{name}': expected state after 3 steps, found all 0")


def steady_update_allocates_nothing(case: OptimizerCase) -> None:
    """Check that an update of many parameters allocates less than a byte for every one.

    The first two may allocate what they like.
    """
    optimizer, span = build_optimizer(case.config, np.ones(MANY, FLOAT32))
    numbers = itertools.count(1)

    def step() -> None:
        span.grad.fill(0.5)
        optimizer.update(span, case.config.learning_rate, next(numbers))

    expect_no_allocation(step, MANY)


MEMORY_CHECKS = (scratch_carries_nothing, slots_are_used, steady_update_allocates_nothing)
