"""Builds single components, with the context that the engine would give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from layerkit.arrays import Array, FloatType, Shape
from layerkit.contracts.dataset import Target
from layerkit.contracts.gradient_transform import (
    GradientTransform,
    GradientTransformConfig,
    GradientTransformContext,
)
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.layer_context import LayerMemory, Parameter
from layerkit.contracts.layer_plan import PlannedLayer
from layerkit.contracts.loss import Loss, LossConfig
from layerkit.contracts.metric import Metric, MetricConfig
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig, OptimizerContext, Span
from layerkit.contracts.output import LossPlan, OutputContext
from layerkit.contracts.schedule import ScheduleContext
from layerkit.randomness import StepRandom, generator
from layerkit.testing.sampling import FLOAT64

PARAMETER_SCALE = 0.5
"""Standard deviation of the parameters that are drawn."""


def build_layer(
    config: LayerConfig,
    *,
    input_shape: Shape = (3,),
    batch_size: int = 4,
    dtype: FloatType = FLOAT64,
    seed: int = 0,
    wants_input_grad: bool = True,
    trains: bool = True,
    mask: Array | None = None,
) -> Layer[LayerConfig]:
    """Return a layer with random parameters, the same for the same seed.

    Parameters
    ----------
    config
        What to build.
    input_shape
        Per-example shape of its input.
    batch_size
        The most examples of a batch.
    dtype
        Of all arrays.
    seed
        Of its parameters and of its own generator.
    wants_input_grad
        Whether it is given memory for the gradient with respect to its input.
    trains
        Whether `backward` will be called.
    mask
        Which steps of its input count, ``(batch_size, time)``.
    """
    plan = config.plan(input_shape)
    name = "layer"
    rng = generator(seed, "parameters")
    params = {
        f"{name}.{path}": Parameter(
            (PARAMETER_SCALE * rng.normal(size=param.shape)).astype(dtype),
            np.zeros(param.shape, dtype),
        )
        for path, param in plan.all_params()
    }
    state = {
        f"{name}.{path}": np.full(each.shape, each.fill, dtype) for path, each in plan.all_state()
    }
    memory = LayerMemory(
        params=params,
        state=state,
        trainable=frozenset(params),
        capacity=batch_size,
        dtype=dtype,
        trains=trains,
        random=StepRandom(seed),
    )
    input_grad = (
        np.zeros((batch_size, *input_shape), dtype) if wants_input_grad and trains else None
    )
    planned = PlannedLayer(name, config, input_shape, plan)
    return config.build(memory.context(name, planned, input_grad, mask))


def build_gradient_transform(
    config: GradientTransformConfig, *, seed: int = 0, step: int = 1
) -> GradientTransform[GradientTransformConfig]:
    """Return a gradient transform whose generator is set to a step."""
    random = StepRandom(seed)
    random.start(step)
    return config.build(GradientTransformContext("gradient transform", random))


def build_loss(
    config: LossConfig,
    *,
    output_shape: Shape,
    target: Target,
    batch_size: int = 4,
    dtype: FloatType = FLOAT64,
) -> Loss[LossConfig]:
    """Return a loss for outputs of that per-example shape."""
    plan = config.plan(output_shape, target)
    return config.build(OutputContext(output_shape, target, plan, batch_size, dtype))


def build_metric(
    config: MetricConfig,
    *,
    prediction_shape: Shape,
    target: Target,
    items: Shape = (),
    batch_size: int = 4,
    dtype: FloatType = FLOAT64,
) -> Metric[MetricConfig]:
    """Return a metric for predictions of that per-example shape."""
    plan = LossPlan(prediction_shape, items)
    return config.build(OutputContext(prediction_shape, target, plan, batch_size, dtype))


def build_optimizer(
    config: OptimizerConfig,
    value: Array,
    *,
    objective: Callable[[], float] | None = None,
    steps_per_epoch: int = 10,
    epochs: int = 10,
    decay: float = 1.0,
) -> tuple[Optimizer[OptimizerConfig], Span]:
    """Return an optimizer, and a span of all the parameters, with fresh state.

    Parameters
    ----------
    config
        What to build.
    value
        The parameters, flat; changed in place.
    objective
        What `OptimizerContext.objective` calls; without, it returns 0.
    steps_per_epoch, epochs
        Of the run, for schedules of the optimizer's own.
    decay
        Factor of its weight decay.
    """
    slots: Mapping[str, Array] = {name: np.zeros_like(value) for name in config.slots()}
    parameter = Parameter(value, np.zeros_like(value))
    run = ScheduleContext(config.learning_rate, steps_per_epoch, epochs)
    context = OptimizerContext(parameter, slots, objective or (lambda: 0.0), run)
    in_order: Sequence[Array] = [slots[name] for name in config.slots()]
    span = Span(value, parameter.grad, tuple(in_order), np.zeros_like(value), decay)
    return config.build(context), span
