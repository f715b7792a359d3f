"""`check_optimizer`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from layerkit.contracts import OPTIMIZERS, ElementwiseOptimizer, OptimizerConfig
from layerkit.contracts.blocks import BLOCK, blocks_of
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.running import expect_close, expect_finite, expect_same, run_checks
from layerkit.testing.sampling import DTYPES, FLOAT32, no_global_randomness
from layerkit.testing.trial import SIZE, OptimizerCase

STEPS = 100


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
        trial = case.trial(case.start(), dtype)
        value, grad = trial.parameter.value, trial.parameter.grad
        before = float(np.vdot(curvature, value * value)) / 2
        for count in range(1, STEPS + 1):
            np.multiply(curvature, value, out=grad, casting="same_kind")
            trial.optimizer.step(case.config.learning_rate, count)
        after = float(np.vdot(curvature, value * value)) / 2
        if not after < before:
            raise AssertionError(
                f"{STEPS} steps in {dtype}: expected a value below {before:.6g}, found {after:.6g}"
            )


def steps_are_repeatable(case: OptimizerCase) -> None:
    """Check that the same gradients give the same bits, with nothing drawn at random."""
    first, second = case.trial(case.start()), case.trial(case.start())
    with no_global_randomness():
        first.run(case.gradients())
        second.run(case.gradients())
    expect_same("parameters", first.parameter.value, second.parameter.value)


def every_element_changes(case: OptimizerCase) -> None:
    """Check that no parameter with a gradient is left where it is, in any block."""
    start = case.start(BLOCK + 5)
    trial = case.trial(start)
    trial.run(case.gradients(BLOCK + 5))
    still = np.flatnonzero(trial.parameter.value == start)
    if still.size:
        raise AssertionError(
            f"{start.size} parameters: expected all to change, found {still.size} as they were, "
            f"the first at {still[0]}"
        )


def several_blocks(case: OptimizerCase) -> None:
    """Check that an elementwise optimizer treats a long vector like its pieces."""
    size = BLOCK + 5
    whole = case.trial(case.start(size))
    if not isinstance(whole.optimizer, ElementwiseOptimizer):
        return
    gradients = case.gradients(size)
    whole.run(gradients)
    for piece in (slice(0, 50), slice(BLOCK - 50, BLOCK), slice(BLOCK - 3, size)):
        part = case.trial(case.start(size)[piece])
        part.run(gradients[:, piece])
        what = f"parameters {piece.start} to {piece.stop} of {size}"
        expect_close(what, part.parameter.value, whole.parameter.value[piece], 1e-12)


def step_is_its_updates(case: OptimizerCase) -> None:
    """Check that an elementwise optimizer does no more in `step` than to update every block."""
    size = BLOCK + 5
    whole, by_blocks = case.trial(case.start(size)), case.trial(case.start(size))
    optimizer = by_blocks.optimizer
    if not isinstance(optimizer, ElementwiseOptimizer):
        return
    gradients = case.gradients(size)
    whole.run(gradients)
    for count, gradient in enumerate(gradients, start=1):
        by_blocks.parameter.grad[...] = gradient
        for block in blocks_of(by_blocks.parameter, [*by_blocks.slots.values()]):
            optimizer.update(block, case.config.learning_rate, count)
    expect_same("parameters", by_blocks.parameter.value, whole.parameter.value)


def no_gradient_no_step(case: OptimizerCase) -> None:
    """Check that without a gradient parameters stay; weight decay may draw them towards 0."""
    gradients = np.zeros((3, SIZE))
    at_zero = case.trial(np.zeros(SIZE))
    at_zero.run(gradients)
    expect_same("parameters at 0", np.zeros(SIZE), at_zero.parameter.value)
    start = case.start()
    trial = case.trial(start)
    trial.run(gradients)
    share = trial.parameter.value / start
    wrong = np.flatnonzero(~((share >= 0) & (share <= 1)))
    if wrong.size:
        raise AssertionError(
            f"expected parameters as they were, or nearer to 0; found {wrong.size} of {SIZE} "
            f"elsewhere, such as {trial.parameter.value[wrong[0]]} from {start[wrong[0]]}"
        )


def follows_learning_rate(case: OptimizerCase) -> None:
    """Check that the rate of the step, which a schedule sets, is the one that counts."""
    trial = case.trial(case.start())
    trial.parameter.grad[...] = case.gradients()[0]
    trial.optimizer.step(0.0, 1)
    expect_same("parameters at a learning rate of 0", case.start(), trial.parameter.value)


def slots_are_used(case: OptimizerCase) -> None:
    """Check that every slot asked for is written."""
    trial = case.trial(case.start())
    trial.run(case.gradients())
    for name, slot in trial.slots.items():
        if not slot.any():
            raise AssertionError(f"slot '{name}': expected state after 3 steps, found all 0")


def stays_finite(case: OptimizerCase) -> None:
    """Check that gradients from 1e-30 to 1e4 leave parameters and slots finite, in float32."""
    trial = case.trial(case.start(), FLOAT32)
    sizes = np.array([[1e4], [1e-30], [0.0], [1.0]])
    trial.run(sizes * case.gradients(steps=4))
    expect_finite("parameters", trial.parameter.value)
    for name, slot in trial.slots.items():
        expect_finite(f"slot '{name}'", slot)


def float32_agrees_with_float64(case: OptimizerCase) -> None:
    """Check that float32 loses no more than float32 must."""
    exact, rough = case.trial(case.start()), case.trial(case.start(), FLOAT32)
    exact.run(case.gradients())
    rough.run(case.gradients())
    expect_close("parameters in float32", exact.parameter.value, rough.parameter.value, 1e-4)


OPTIMIZER_CHECKS = (
    goes_downhill,
    steps_are_repeatable,
    every_element_changes,
    several_blocks,
    step_is_its_updates,
    no_gradient_no_step,
    follows_learning_rate,
    slots_are_used,
    stays_finite,
    float32_agrees_with_float64,
)
