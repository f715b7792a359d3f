"""`check_layer`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from layerkit.arrays import Shape
from layerkit.contracts.layer import LAYERS, LayerConfig
from layerkit.testing.case import Case, checks_on
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.layer_backward import BACKWARD_CHECKS
from layerkit.testing.layer_case import LayerCase
from layerkit.testing.layer_composite import COMPOSITE_CHECKS
from layerkit.testing.layer_forward import FORWARD_CHECKS
from layerkit.testing.layer_gradients import LAYER_GRADIENT_CHECKS
from layerkit.testing.layer_inputs import INPUT_CHECKS
from layerkit.testing.layer_memory import (
    MEMORY_CHECKS,
    memory_as_planned,
    steady_step_allocates_nothing,
)
from layerkit.testing.layer_plan import PLAN_CHECKS
from layerkit.testing.layer_traits import TRAIT_CHECKS


def check_layer(
    layer: str | Mapping[str, object] | LayerConfig,
    *,
    input_shape: Shape,
    batch_sizes: Sequence[int] = (1, 2, 5),
    seed: int = 0,
) -> None:
    """Check that a layer keeps its contract: shapes, memory, randomness and every gradient.

    Inputs are drawn at least 0.05 away from 0 and, up to about a thousand of them, apart from each
    other, so that neither a kink at 0 nor a maximum comes between the differences. A layer with
    kinks elsewhere may need another ``seed``.

    Parameters
    ----------
    layer
        Name, table or config.
    input_shape
        Shape of one example. Arrays of up to 256 elements have their gradients checked at every
        element, larger ones at 256 of them.
    batch_sizes
        Numbers of examples to run.
    seed
        Of inputs, parameters and the layer's own generator.

    Raises
    ------
    AssertionError
        If a check fails; the message begins with the check's name.
    """
    case_of_layer(layer, input_shape=input_shape, batch_sizes=batch_sizes, seed=seed).check()


def case_of_layer(
    layer: str | Mapping[str, object] | LayerConfig,
    *,
    input_shape: Shape,
    batch_sizes: Sequence[int] = (1, 2, 5),
    seed: int = 0,
) -> Case:
    """Return the case that `check_layer` checks; see there."""
    config = config_of(LAYERS, layer)
    what = f"layer '{config.type_name()}' on {input_shape}"
    case = LayerCase(config, input_shape, tuple(batch_sizes), seed)
    checks = checks_on(what, config, CONFIG_CHECKS)
    checks += checks_on(what, case, PLAN_CHECKS + FORWARD_CHECKS + BACKWARD_CHECKS)
    checks += checks_on(what, case, MEMORY_CHECKS + LAYER_GRADIENT_CHECKS + INPUT_CHECKS)
    checks += checks_on(
        what, case, (*TRAIT_CHECKS, memory_as_planned, steady_step_allocates_nothing)
    )
    if _has_layers(config, input_shape):
        checks += checks_on(what, case, COMPOSITE_CHECKS)
    return Case(config, what, checks)


def _has_layers(config: LayerConfig, input_shape: Shape) -> bool:
    try:
        return bool(config.plan(input_shape).layers)
    except Exception:  # noqa: BLE001  # whatever a plan raises is found by the checks of plans
        return False
