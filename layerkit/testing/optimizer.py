"""`check_optimizer`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from layerkit.contracts.optimizer import OPTIMIZERS, OptimizerConfig
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.expect import expect_close, expect_finite, expect_same, run_checks
from layerkit.testing.optimizer_case import SIZE, OptimizerCase
from layerkit.testing.sampling import DTYPES, FLOAT32, no_global_randomness

STEPS = 100
LONG = 1_000
"""Parameters of a span that is cut into pieces."""


def check_optimizer(
    optimizer: Mapping[str, object] | OptimizerConfig,
    *,
    seed: int = 0,
) -> None:
    """Check that an optimizer keeps its contract: downhill, in place, every element, every slot.

    Give it a learning rate that is stable for curvatures of up to 1.

    Parameters
    ----------
    optimizer
        Table (with a ``learning_rate``) or config.
    seed
        Of parameters and gradients.

    Raises
    ------
    AssertionError
        If a check fails; the message begins with the check's name.
    """
    config = config_of(OPTIMIZERS, optimizer)
    what = f"optimizer '{config.type_name()}'"
    run_checks(what, config, (*CONFIG_CHECKS, slot_names))
    run_checks(what, OptimizerCase(config, seed), OPTIMIZER_CHECKS)


def slot_names(config: OptimizerConfig) -> None:
    """Check that slots have different names, all identifiers, the same every time."""
    names = config.slots()
    if len(set(names)) != len(names) or not all(name.isidentifier() for name in names):
        raise AssertionError(f"expected different names like 'velocity', found {names}")
    if names != config.slots():
        raise AssertionError(f"expected the same names again {names}, found {config.slots()}")


def goes_downhill(case: OptimizerCase) -> None:
    """Check that 100 steps make a convex quadratic smaller, in either dtype."""
    curvature = np.linspace(0.1, 1, SIZE)
    for dtype in DTYPES:
        built = case.build(case.start(), dtype)
        value, grad = built.span.value, built.span.grad
        before = float(np.vdot(curvature, value * value)) / 2
        for step in range(1, STEPS + 1):
            np.multiply(curvature, value, out=grad, casting="same_kind")
            built.optimizer.update(built.span, case.config.learning_rate, step)
        after = float(np.vdot(curvature, value * value)) / 2
        if not after < before:
            raise AssertionError(
                f"{STEPS} steps in {dtype}: expected a value below {before:.6g}, found {after:.6g}"
            )


def steps_are_repeatable(case: OptimizerCase) -> None:
    """Check that the same gradients give the same bits, with nothing drawn at random."""
    first, second = case.build(case.start()), case.build(case.start())
    with no_global_randomness():
        first.run(case.gradients())
        second.run(case.gradients())
    expect_same("parameters", first.span.value, second.span.value)


def every_element_changes(case: OptimizerCase) -> None:
    """Check that no parameter with a gradient is left where it is."""
    start = case.start(LONG)
    built = case.build(start)
    built.run(case.gradients(LONG))
    still = np.flatnonzero(built.span.value == start)
    if still.size:
        raise AssertionError(
            f"{start.size} parameters: expected all to change, found {still.size} as they were, "
            f"the first at {still[0]}"
        )


def elementwise_as_stated(case: OptimizerCase) -> None:
    """Check that an elementwise optimizer treats a long span like its pieces."""
    whole = case.build(case.start(LONG))
    if whole.optimizer.scope != "elements":
        return
    gradients = case.gradients(LONG)
    whole.run(gradients)
    for piece in (slice(0, 50), slice(50, 51), slice(LONG - 3, LONG)):
        part = case.build(case.start(LONG)[piece])
        part.run(gradients[:, piece])
        what = f"parameters {piece.start} to {piece.stop} of {LONG}"
        expect_close(what, part.span.value, whole.span.value[piece], 1e-12)


def no_gradient_no_step(case: OptimizerCase) -> None:
    """Check that without a gradient parameters stay; weight decay may draw them towards 0."""
    gradients = np.zeros((3, SIZE))
    at_zero = case.build(np.zeros(SIZE))
    at_zero.run(gradients)
    expect_same("parameters at 0", np.zeros(SIZE), at_zero.span.value)
    start = case.start()
    built = case.build(start)
    built.run(gradients)
    share = built.span.value / start
    wrong = np.flatnonzero(~((share >= 0) & (share <= 1)))
    if wrong.size:
        raise AssertionError(
            f"expected parameters as they were, or nearer to 0; found {wrong.size} of {SIZE} "
            f"elsewhere, such as {built.span.value[wrong[0]]} from {start[wrong[0]]}"
        )


def follows_learning_rate(case: OptimizerCase) -> None:
    """Check that the rate of the step, which a schedule sets, is the one that counts."""
    built = case.build(case.start())
    built.span.grad[...] = case.gradients()[0]
    built.optimizer.update(built.span, 0.0, 1)
    expect_same("parameters at a learning rate of 0", case.start(), built.span.value)


def slots_are_used(case: OptimizerCase) -> None:
    """Check that every slot asked for is written."""
    built = case.build(case.start())
    built.run(case.gradients())
    for name, slot in zip(case.config.slots(), built.span.slots, strict=True):
        if not slot.any():
            raise AssertionError(f"slot '{name}': expected state after 3 steps, found all 0")


def stays_finite(case: OptimizerCase) -> None:
    """Check that gradients from 1e-30 to 1e4 leave parameters and slots finite, in float32."""
    built = case.build(case.start(), FLOAT32)
    sizes = np.array([[1e4], [1e-30], [0.0], [1.0]])
    built.run(sizes * case.gradients(steps=4))
    expect_finite("parameters", built.span.value)
    for name, slot in zip(case.config.slots(), built.span.slots, strict=True):
        expect_finite(f"slot '{name}'", slot)


def float32_agrees_with_float64(case: OptimizerCase) -> None:
    """Check that float32 loses no more than float32 must."""
    exact, rough = case.build(case.start()), case.build(case.start(), FLOAT32)
    exact.run(case.gradients())
    rough.run(case.gradients())
    expect_close("parameters in float32", exact.span.value, rough.span.value, 1e-4)


OPTIMIZER_CHECKS = (
    goes_downhill,
    steps_are_repeatable,
    every_element_changes,
    elementwise_as_stated,
    no_gradient_no_step,
    follows_learning_rate,
    slots_are_used,
    stays_finite,
    float32_agrees_with_float64,
)
