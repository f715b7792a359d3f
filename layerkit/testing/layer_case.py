"""A layer in a context of its own, with filled parameters, for checks to work on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array, FloatType, Shape
from layerkit.contracts.layer import Layer, LayerConfig, LayerContext, LayerPlan, Parameter
from layerkit.randomness import generator
from layerkit.testing.sampling import FLOAT64, draw_apart

PARAMETER_SCALE = 0.5


@dataclass(frozen=True, slots=True)
class LayerCase:
    """What `check_layer` was asked to check."""

    config: LayerConfig
    input_shape: Shape
    batch_sizes: tuple[int, ...]
    seed: int

    @property
    def largest(self) -> int:
        """The largest batch."""
        return max(self.batch_sizes)

    def inputs(self, count: int, draw: str = "inputs", dtype: FloatType = FLOAT64) -> Array:
        """Return a batch of inputs away from 0, the same for the same ``draw``."""
        return draw_apart(generator(self.seed, draw), (count, *self.input_shape), dtype)

    def output_gradient(self, count: int, dtype: FloatType = FLOAT64) -> Array:
        """Return random weights of the outputs: the gradient of their weighted sum."""
        shape = (count, *self.config.plan(self.input_shape).output)
        return generator(self.seed, "output gradient").normal(size=shape).astype(dtype)

    def build(
        self, capacity: int, *, dtype: FloatType = FLOAT64, wants_input_grad: bool = True
    ) -> BuiltLayer:
        """Return a new layer with random parameters, the same every time."""
        plan = self.config.plan(self.input_shape)
        context = LayerContext(
            input_shape=self.input_shape,
            output_shape=plan.output,
            capacity=capacity,
            dtype=dtype,
            params=self._params(plan, dtype),
            state={
                name: np.full(spec.shape, spec.fill, dtype) for name, spec in plan.state.items()
            },
            rng=generator(self.seed, "layer"),
            input_grad=np.zeros((capacity, *self.input_shape), dtype) if wants_input_grad else None,
        )
        return BuiltLayer(self, plan, self.config.build(context))

    def _params(self, plan: LayerPlan, dtype: FloatType) -> dict[str, Parameter]:
        rng = generator(self.seed, "parameters")
        return {
            name: Parameter(
                (PARAMETER_SCALE * rng.normal(size=spec.shape)).astype(dtype),
                np.zeros(spec.shape, dtype),
            )
            for name, spec in plan.params.items()
        }


@dataclass(frozen=True, slots=True)
class BuiltLayer:
    """A layer to run; what it returns is copied out of its buffers."""

    case: LayerCase
    plan: LayerPlan
    layer: Layer[LayerConfig]

    def reset(self) -> None:
        """Set the random generator and the state arrays back to where they started."""
        context = self.layer.context
        context.rng.bit_generator.state = generator(self.case.seed, "layer").bit_generator.state
        for name, spec in self.plan.state.items():
            context.state[name].fill(spec.fill)

    def forward(self, x: Array) -> Array:
        """Reset, and return the outputs of training."""
        self.reset()
        return self.layer.forward(x, training=True).copy()

    def evaluate(self, x: Array) -> Array:
        """Return the outputs of evaluation."""
        return self.layer.forward(x, training=False).copy()

    def backward(self, dy: Array) -> Array:
        """Return the input gradient; ``dy`` stays as it is."""
        dx = self.layer.backward(dy.copy())
        if dx is None:
            raise AssertionError(
                "expected an input gradient, as context.input_grad is given; found None"
            )
        return dx.copy()

    def gradients(self) -> dict[str, Array]:
        """Return the gradients of the parameters."""
        return {
            f"gradient of '{name}'": parameter.grad.copy()
            for name, parameter in self.layer.context.params.items()
        }

    def values(self) -> dict[str, Array]:
        """Return the parameters."""
        return {
            f"parameter '{name}'": parameter.value.copy()
            for name, parameter in self.layer.context.params.items()
        }

    def state(self) -> dict[str, Array]:
        """Return the state."""
        return {f"state '{name}'": array.copy() for name, array in self.layer.context.state.items()}

    def train(self, x: Array, dy: Array) -> dict[str, Array]:
        """Return all that a step computes: outputs, input gradient, parameter gradients."""
        outputs = self.forward(x)
        return {"outputs": outputs, "input gradient": self.backward(dy), **self.gradients()}

    def fill_gradients(self, value: float) -> None:
        """Fill all memory that a backward pass must assign with one value."""
        context = self.layer.context
        if context.input_grad is not None:
            context.input_grad.fill(value)
        for parameter in context.params.values():
            parameter.grad.fill(value)
