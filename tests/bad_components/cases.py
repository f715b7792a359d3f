"""Every case."""

from __future__ import annotations

from tests.bad_components import (
    activations,
    added_losses,
    callbacks,
    composites,
    constraints,
    datasets,
    gradient_transforms,
    initializers,
    kernels,
    layers,
    losses,
    metrics,
    optimizers,
    raising,
    registering,
    regularizers,
    schedules,
    tables,
)
from tests.bad_components.case import FINE, Case

_MODULES = (
    activations,
    added_losses,
    callbacks,
    composites,
    constraints,
    datasets,
    gradient_transforms,
    initializers,
    kernels,
    layers,
    losses,
    metrics,
    optimizers,
    raising,
    registering,
    regularizers,
    schedules,
    tables,
)

CASES: tuple[Case, ...] = tuple(
    sorted((case for each in _MODULES for case in each.CASES), key=lambda case: case.kind)
)
"""The bad components."""

RIGHT: tuple[Case, ...] = (
    *(
        template("right", codes=FINE)
        for template in (
            activations.activation,
            callbacks.callback,
            composites.composite,
            constraints.constraint,
            datasets.dataset,
            gradient_transforms.gradient_transform,
            initializers.initializer,
            layers.layer,
            losses.loss,
            metrics.metric,
            optimizers.optimizer,
            regularizers.regularizer,
            schedules.schedule,
        )
    ),
    kernels.kernel("right", codes=(FINE,)),
    tables.right(),
)
"""What bad components differ from in one thing; nothing is wrong with these."""
