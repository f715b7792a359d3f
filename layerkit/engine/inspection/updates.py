"""Checks of what takes part in an update: optimizer, penalties, transforms, constraints."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts.constraint import Constraint, ConstraintConfig
from layerkit.contracts.gradient_transform import GradientTransform, GradientTransformConfig
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig, Span
from layerkit.contracts.regularizer import Regularizer, RegularizerConfig
from layerkit.engine.inspection.arrays import Untouched, check_finite, is_tame
from layerkit.engine.inspection.watch import Check
from layerkit.guard import number


def optimizer_check(optimizer: Optimizer[OptimizerConfig]) -> Check:
    """Return the check of an optimizer: finite numbers from finite numbers."""
    update = optimizer.update

    def checked(span: Span, learning_rate: float, step: int) -> None:
        arrays = (span.value, span.grad, *span.slots)
        tame = is_tame(*arrays) and learning_rate < 1
        update(span, learning_rate, step)
        if tame:
            check_finite(optimizer, "every parameter after 'update'", span.value)
            for slot in span.slots:
                check_finite(optimizer, "every slot after 'update'", slot)

    return Check(optimizer, "update", checked)


def regularizer_check(regularizer: Regularizer[RegularizerConfig]) -> Check:
    """Return the check of a regularizer: it adds to the gradient, and writes no values."""
    penalize = regularizer.penalize

    def checked(value: Array, grad: Array, scratch: Array) -> float:
        tame = is_tame(value, grad)
        untouched = Untouched(regularizer, "penalize", {"the values": value})
        penalty = number(regularizer, "'penalize' to return", penalize(value, grad, scratch))
        untouched.check()
        if tame:
            check_finite(regularizer, "the penalty", np.asarray(penalty))
            check_finite(regularizer, "every gradient after 'penalize'", grad)
        return penalty

    return Check(regularizer, "penalize", checked)


def transform_check(transform: GradientTransform[GradientTransformConfig]) -> Check:
    """Return the check of a gradient transform: finite gradients stay so."""
    apply = transform.apply

    def checked(gradients: Sequence[Array], step: int) -> None:
        tame = is_tame(*gradients)
        apply(gradients, step)
        if tame:
            for grad in gradients:
                check_finite(transform, "every gradient after 'apply'", grad)

    return Check(transform, "apply", checked)


def constraint_check(constraint: Constraint[ConstraintConfig]) -> Check:
    """Return the check of a constraint: finite parameters stay so."""
    apply, value = constraint.apply, constraint.value

    def checked() -> None:
        tame = is_tame(value)
        apply()
        if tame:
            check_finite(constraint, "every parameter after 'apply'", value)

    return Check(constraint, "apply", checked)
