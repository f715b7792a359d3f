"""`check_loss`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from layerkit.arrays import Shape
from layerkit.contracts.dataset import Target
from layerkit.contracts.loss import LOSSES, LossConfig
from layerkit.testing.case import Case, checks_on
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.loss_gradient import GRADIENT_CHECKS
from layerkit.testing.loss_memory import steady_step_allocates_nothing
from layerkit.testing.loss_value import VALUE_CHECKS
from layerkit.testing.loss_weights import WEIGHT_CHECKS
from layerkit.testing.output_case import ACCEPTANCE_CHECKS, OutputCase


def check_loss(
    loss: str | Mapping[str, object] | LossConfig,
    *,
    output_shape: Shape,
    target: Target,
    batch_sizes: Sequence[int] = (1, 2, 5),
    seed: int = 0,
) -> None:
    """Check that a loss keeps its contract: a weighted sum, its gradient, its limits.

    Parameters
    ----------
    loss
        Name, table or config.
    output_shape
        Per-example shape of the outputs that the loss is checked with.
    target
        What it compares them with; arrays are drawn between 0.05 and 0.95.
    batch_sizes
        Numbers of examples to run.
    seed
        Of outputs, targets and weights.

    Raises
    ------
    AssertionError
        If a check fails; the message begins with the check's name.
    """
    case = case_of_loss(
        loss, output_shape=output_shape, target=target, batch_sizes=batch_sizes, seed=seed
    )
    case.check()


def case_of_loss(
    loss: str | Mapping[str, object] | LossConfig,
    *,
    output_shape: Shape,
    target: Target,
    batch_sizes: Sequence[int] = (1, 2, 5),
    seed: int = 0,
) -> Case:
    """Return the case that `check_loss` checks; see there."""
    config = config_of(LOSSES, loss)
    what = f"loss '{config.type_name()}' on {output_shape}"
    case = OutputCase(config, output_shape, target, tuple(batch_sizes), seed)
    checks = checks_on(what, config, CONFIG_CHECKS)
    checks += checks_on(what, case, ACCEPTANCE_CHECKS)
    checks += checks_on(what, case, VALUE_CHECKS + GRADIENT_CHECKS + WEIGHT_CHECKS)
    checks += checks_on(what, case, (steady_step_allocates_nothing,))
    return Case(config, what, checks)
