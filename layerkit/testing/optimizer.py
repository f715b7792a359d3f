"""`check_optimizer`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.optimizer import OPTIMIZERS, OptimizerConfig
from layerkit.state import State, restore, saved
from layerkit.testing.case import Case, checks_on
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.expect import expect_close, expect_finite, expect_same
from layerkit.testing.optimizer_case import SIZE, BuiltOptimizer, OptimizerCase
from layerkit.testing.optimizer_memory import MEMORY_CHECKS
from layerkit.testing.sampling import DTYPES, FLOAT32, no_global_randomness

STEPS = 100
LONG = 1_000
"""Parameters of a span that is cut into pieces."""
PIECES = (slice(0, 11), slice(11, 30), slice(30, SIZE))
"""Spans of one optimizer."""


def check_optimizer(
    optimizer: Mapping[str, object] | OptimizerConfig,
    *,
    seed: int = 0,
) -> None:
    """Check that an optimizer keeps its contract: downhill, in place, within its span, restartable.

    Give it a learning rate that is stable for curvatures of up to 1. An optimizer of the whole
    network gets an objective, a convex quadratic.

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
    case_of_optimizer(optimizer, seed=seed).check()


def case_of_optimizer(
    optimizer: Mapping[str, object] | OptimizerConfig,
    *,
    seed: int = 0,
) -> Case:
    """Return the case that `check_optimizer` checks; see there."""
    config = config_of(OPTIMIZERS, optimizer)
    what = f"optimizer '{config.type_name()}'"
    checks = checks_on(what, config, (*CONFIG_CHECKS, slot_names))
    checks += checks_on(what, OptimizerCase(config, seed), OPTIMIZER_CHECKS + MEMORY_CHECKS)
    return Case(config, what, checks)


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
        built.bowl.curvature = curvature
        before = built.bowl()
        for step in range(1, STEPS + 1):
            built.step(step)
        after = built.bowl()
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


def stays_within_its_span(case: OptimizerCase) -> None:
    """Check that nothing beyond the span is written: other spans have their own turn."""
    built = case.build(case.start())
    if built.optimizer.scope == "network":
        return
    built.bowl.slope = case.gradients()[0]
    built.bowl()
    beyond = np.ones(SIZE, np.bool_)
    beyond[PIECES[1]] = False
    built.optimizer.update(built.span_of(PIECES[1]), case.config.learning_rate, 1)
    expect_same("parameters beyond the span", case.start()[beyond], built.span.value[beyond])
    expect_same("gradient beyond the span", built.bowl.slope[beyond], built.span.grad[beyond])
    for name, slot in zip(case.config.slots(), built.span.slots, strict=True):
        expect_same(f"slot '{name}' beyond the span", np.zeros_like(slot[beyond]), slot[beyond])


def spans_do_not_mix(case: OptimizerCase) -> None:
    """Check that one optimizer treats several spans as if each had an optimizer of its own."""
    together = case.build(case.start())
    if together.optimizer.scope == "network":
        return
    spans = [together.span_of(piece) for piece in PIECES]
    for step, gradient in enumerate(case.gradients(), start=1):
        together.span.grad[...] = gradient
        for span in spans:
            together.optimizer.update(span, case.config.learning_rate, step)
    for piece in PIECES:
        alone = case.build(case.start()[piece])
        alone.run(case.gradients()[:, piece])
        what = f"parameters {piece.start} to {piece.stop} of {SIZE}"
        expect_close(what, alone.span.value, together.span.value[piece], 1e-12)


def state_survives_a_restart(case: OptimizerCase) -> None:
    """Check that slots and declared state are all that must be saved to go on in the same bits."""
    gradients = case.gradients(steps=8)
    for saved_after in (1, 4):
        first, later = gradients[:saved_after], gradients[saved_after:]
        going_on, restarted = case.build(case.start()), case.build(case.start())
        going_on.run(first)
        _hand_over(going_on, restarted)
        for built in (going_on, restarted):
            built.run(later, first=saved_after + 1)
        what = f"parameters, restarted after step {saved_after}"
        expect_same(what, going_on.span.value, restarted.span.value)


def no_gradient_no_step(case: OptimizerCase) -> None:
    """Check that without a gradient parameters stay; weight decay may draw them towards 0."""
    gradients = np.zeros((3, SIZE))
    at_zero = case.build(np.zeros(SIZE))
    at_zero.run(gradients, curvature=0)
    expect_same("parameters at 0", np.zeros(SIZE), at_zero.span.value)
    start = case.start()
    built = case.build(start)
    built.run(gradients, curvature=0)
    share = built.span.value / start
    wrong = np.flatnonzero(~((share >= 0) & (share <= 1)))
    if wrong.size:
        raise AssertionError(
            f"expected parameters as they were, or nearer to 0; found {wrong.size} of {SIZE} "
            f"elsewhere, such as {built.span.value[wrong[0]]} from {start[wrong[0]]}"
        )


def decay_is_the_spans(case: OptimizerCase) -> None:
    """Check that weight decay has the span's factor, so that biases do not decay."""
    start, still, pulled = case.start(), np.zeros((1, SIZE)), case.gradients(steps=1)
    without = case.build(start, decay=0)
    without.run(still, curvature=0)
    expect_same("parameters without a gradient at a decay of 0", start, without.span.value)
    values: list[Array] = []
    for decay in (0.0, 0.5, 1.0):
        built = case.build(start, decay=decay)
        built.run(pulled)
        values.append(built.span.value)
    if not case.config.uses_decay:
        expect_same("parameters at a decay of 1, as uses_decay is False", values[0], values[2])
    elif np.array_equal(values[1], values[2]) and not np.array_equal(values[0], values[2]):
        raise AssertionError(
            "expected other parameters at a decay of 0.5 than at 1, found the same"
        )


def follows_learning_rate(case: OptimizerCase) -> None:
    """Check that the rate of the step, which a schedule sets, is the one that counts."""
    built = case.build(case.start())
    built.bowl.slope = case.gradients()[0]
    built.bowl()
    built.optimizer.update(built.span, 0.0, 1)
    expect_same("parameters at a learning rate of 0", case.start(), built.span.value)


def stays_finite(case: OptimizerCase) -> None:
    """Check that gradients from 1e-30 to 1e4 leave parameters and slots finite, in float32."""
    built = case.build(case.start(), FLOAT32)
    sizes = np.array([[1e4], [1e-30], [0.0], [1.0]])
    built.run(sizes * case.gradients(steps=4))
    expect_finite("parameters", built.span.value)
    for name, slot in zip(case.config.slots(), built.span.slots, strict=True):
        expect_finite(f"slot '{name}'", slot)


def float32_agrees_with_float64(case: OptimizerCase) -> None:
    """Check that float32 loses no more than float32 must.

    An optimizer of the whole network may take other turns on the way to the same minimum.
    """
    exact, rough = case.build(case.start()), case.build(case.start(), FLOAT32)
    gradients = case.gradients()
    if exact.optimizer.scope == "network":
        gradients = np.repeat(gradients[:1], STEPS, axis=0)
    exact.run(gradients)
    rough.run(gradients)
    expect_close("parameters in float32", exact.span.value, rough.span.value, 1e-4)


def _hand_over(from_: BuiltOptimizer, to: BuiltOptimizer) -> None:
    """Restore what the engine saves of an optimizer in another."""
    np.copyto(to.span.value, from_.span.value)
    for slot, stored in zip(to.span.slots, from_.span.slots, strict=True):
        np.copyto(slot, stored)
    one, other = from_.optimizer, to.optimizer
    pairs: list[tuple[State | None, State | None]] = [(one.state(), other.state())]
    for own, new in zip(one.schedules(), other.schedules(), strict=True):
        pairs.append((own.state(), new.state()))
    for state, fresh in pairs:
        if state is not None and fresh is not None:
            restore(fresh, *saved(state))
    if one.state() is not one.state():
        raise AssertionError("state(): expected the same object at every call")
    if list(one.schedules()) != list(one.schedules()):
        raise AssertionError("schedules(): expected the same objects at every call")


OPTIMIZER_CHECKS = (
    goes_downhill,
    steps_are_repeatable,
    every_element_changes,
    elementwise_as_stated,
    stays_within_its_span,
    spans_do_not_mix,
    no_gradient_no_step,
    decay_is_the_spans,
    follows_learning_rate,
    state_survives_a_restart,
    stays_finite,
    float32_agrees_with_float64,
)
