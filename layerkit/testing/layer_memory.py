"""Checks that a layer carries nothing over from batch to batch, and of how much memory it takes."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np

from layerkit.plan.memory import backward_values, forward_values
from layerkit.testing.allocation import MANY, expect_no_allocation
from layerkit.testing.expect import expect_all_same, expect_close, expect_same
from layerkit.testing.layer_case import LayerCase
from layerkit.testing.sampling import FLOAT32

MOST = 3.5
"""How many times as much as planned a layer may keep: masks and the like need not be planned."""
FEW = 8
"""Values of an example that a layer may keep beside that."""


def fresh_output(case: LayerCase) -> None:
    """Check that other inputs, even in the same memory, give what a new layer gives."""
    built = case.build(case.largest)
    x = case.inputs(case.largest)
    dy = case.output_gradient(case.largest)
    built.train(x, dy)
    x[...] = case.inputs(case.largest, "other inputs")
    expect_all_same(case.build(case.largest).train(x, dy), built.train(x, dy))
    built.reset()
    built.evaluate(x)
    x[...] = case.inputs(case.largest)
    expect_same("evaluation", case.build(case.largest).evaluate(x), built.evaluate(x))


def short_batch(case: LayerCase) -> None:
    """Check that a batch below capacity, after a full one, leaves no trace of the full one."""
    capacity = case.largest + 3
    for count in case.batch_sizes:
        larger, exact = case.build(capacity), case.build(count)
        larger.evaluate(case.inputs(capacity, "full batch"))
        larger.train(case.inputs(capacity, "full batch"), case.output_gradient(capacity))
        x, dy = case.inputs(count), case.output_gradient(count)
        larger.fill_gradients(float("nan"))
        found = larger.train(x, dy)
        where = f"batch of {count} at a capacity of {capacity}"
        for name, expected in exact.train(x, dy).items():
            expect_close(f"{where}: {name}", expected, found[name], 1e-12)
        exact.reset()
        larger.reset()
        expect_close(f"{where}: evaluation", exact.evaluate(x), larger.evaluate(x), 1e-12)


def steady_step_allocates_nothing(case: LayerCase) -> None:
    """Check that forward and backward of a large batch allocate less than a byte for every value.

    The first two passes may allocate what they like.
    """
    count = -(-MANY // math.prod(case.input_shape))
    output = case.config.plan(case.input_shape).output
    x = np.resize(case.inputs(case.largest, dtype=FLOAT32), (count, *case.input_shape))
    dy = np.resize(case.output_gradient(case.largest, FLOAT32), (count, *output))
    layer = case.build(count, dtype=FLOAT32).layer

    def step() -> None:
        layer.forward(x, training=True)
        layer.backward(dy)

    expect_no_allocation(step, x.size)


def memory_as_planned(case: LayerCase) -> None:
    """Check that a layer's memory for an example is about what its plan accounts for.

    It may be 3.5 times as much, and a few numbers more, such as a mean and its inverse.

    That is its output and `LayerPlan.workspace`, of the layers inside it too, and the gradient with
    respect to the input. Memory that is the same for every capacity does not count.
    """
    plan, more = case.config.plan(case.input_shape), 2**16
    values = math.prod(plan.output) + plan.workspace + forward_values(plan)
    if not case.reads_ids:
        values += math.prod(case.input_shape) + backward_values(plan, is_wanted=True)
    examples = -(-more // math.prod(case.input_shape))
    small, large = (_bytes_of(case, times * examples) for times in (8, 9))
    found = (large - small) / examples / FLOAT32.itemsize
    most = MOST * values + FEW
    if found > most:
        raise AssertionError(
            f"expected at most {most:.0f} values for an example, as the plan accounts for "
            f"{values}; found {found:.0f}: state the rest as 'workspace' of the plan"
        )


def _bytes_of(case: LayerCase, capacity: int) -> int:
    """Return what a layer allocates when it is built, its input gradient too."""
    tracemalloc.start()
    try:
        built = case.build(capacity, dtype=FLOAT32)
        found, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    del built
    return found


MEMORY_CHECKS = (fresh_output, short_batch)
