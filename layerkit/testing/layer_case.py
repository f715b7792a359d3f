"""A layer in a context of its own, with filled parameters, for checks to work on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layerkit.arrays import Array, FloatType, Shape
from layerkit.contracts.layer import Layer, LayerConfig
from layerkit.contracts.layer_context import Parameter
from layerkit.contracts.layer_plan import LayerPlan
from layerkit.randomness import generator
from layerkit.testing.build import build_layer
from layerkit.testing.sampling import FLOAT64, draw_apart


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

    @property
    def reads_ids(self) -> bool:
        """Whether inputs are ids, with respect to which there is no gradient.

        Only the first layer of a network gets ids, or one behind layers that pass them on. Nothing
        before it is trained, so the engine never gives it memory for an input gradient, and neither
        do the checks.
        """
        return self.config.id_counts() is not None

    def inputs(self, count: int, draw: str = "inputs", dtype: FloatType = FLOAT64) -> Array:
        """Return a batch of inputs, the same for the same ``draw``: away from 0, or ids."""
        counts = self.config.id_counts()
        if counts is not None:
            rng = generator(self.seed, draw)
            return rng.integers(0, counts, (count, *self.input_shape)).astype(dtype)
        return draw_apart(generator(self.seed, draw), (count, *self.input_shape), dtype)

    def output_gradient(self, count: int, dtype: FloatType = FLOAT64) -> Array:
        """Return random weights of the outputs: the gradient of their weighted sum."""
        shape = (count, *self.config.plan(self.input_shape).output)
        return generator(self.seed, "output gradient").normal(size=shape).astype(dtype)

    def build(
        self, capacity: int, *, dtype: FloatType = FLOAT64, wants_input_grad: bool = True
    ) -> BuiltLayer:
        """Return a new layer with random parameters, the same every time.

        One that reads ids gets no memory for an input gradient.
        """
        layer = build_layer(
            self.config,
            input_shape=self.input_shape,
            batch_size=capacity,
            dtype=dtype,
            seed=self.seed,
            wants_input_grad=wants_input_grad and not self.reads_ids,
        )
        return BuiltLayer(self, layer.context.plan, layer)


@dataclass(frozen=True, slots=True)
class BuiltLayer:
    """A layer to run; what it returns is copied out of its buffers."""

    case: LayerCase
    plan: LayerPlan
    layer: Layer[LayerConfig]

    def reset(self, batch_size: int = 1) -> None:
        """Set the random generator and the state arrays back to where they started."""
        memory = self.layer.context.memory
        memory.random.start(0)
        memory.added_loss.start(batch_size)
        for path, each in self.plan.all_state():
            memory.state[f"{self.layer.context.path}.{path}"].fill(each.fill)

    @property
    def added_loss(self) -> float:
        """What the layer has added to the loss since the last reset."""
        return self.layer.context.memory.added_loss.total

    def forward(self, x: Array, batch_size: int | None = None) -> Array:
        """Reset, and return the outputs of training.

        Parameters
        ----------
        x
            Inputs.
        batch_size
            Of the whole batch, where the inputs are a part of it; by default they are all.
        """
        self.reset(len(x) if batch_size is None else batch_size)
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

    def parameters(self) -> dict[str, Parameter]:
        """Return the parameters by their paths below the layer, inner layers' too."""
        context = self.layer.context
        return {
            path: context.memory.params[f"{context.path}.{path}"]
            for path, _ in self.plan.all_params()
        }

    def gradients(self) -> dict[str, Array]:
        """Return the gradients of the parameters."""
        return {f"gradient of '{path}'": p.grad.copy() for path, p in self.parameters().items()}

    def values(self) -> dict[str, Array]:
        """Return the parameters."""
        return {f"parameter '{path}'": p.value.copy() for path, p in self.parameters().items()}

    def state(self) -> dict[str, Array]:
        """Return the state."""
        context = self.layer.context
        return {
            f"state '{path}'": context.memory.state[f"{context.path}.{path}"].copy()
            for path, _ in self.plan.all_state()
        }

    def train(self, x: Array, dy: Array) -> dict[str, Array]:
        """Return all that a step computes: outputs, what is added to the loss, gradients.

        There is an input gradient where the layer was given memory for it.
        """
        computed = {"outputs": self.forward(x)}
        if self.layer.context.input_grad is None:
            self.layer.backward(dy.copy())
        else:
            computed["input gradient"] = self.backward(dy)
        return {**computed, "loss added": np.array([self.added_loss]), **self.gradients()}

    def fill_gradients(self, value: float) -> None:
        """Fill all memory that a backward pass must assign with one value."""
        context = self.layer.context
        if context.input_grad is not None:
            context.input_grad.fill(value)
        for parameter in self.parameters().values():
            parameter.grad.fill(value)
