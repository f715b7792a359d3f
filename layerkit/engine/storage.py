"""All numbers of a network: flat vectors, and views into them by path."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from layerkit.arrays import Array, FloatType, Shape
from layerkit.contracts import Initializer, InitializerConfig, Parameter
from layerkit.randomness import generator
from layerkit.spec.plan import SpecPlan


class Storage:
    """Parameters, gradients and state, each one contiguous vector.

    Attributes
    ----------
    vector
        All parameters and their gradients, flat.
    params
        The same memory by path, such as ``dense_1.weight``, in shape.
    state_vector, state
        All state, flat and by path.
    """

    def __init__(self, plan: SpecPlan) -> None:
        param_shapes = {path: param.shape for path, param in plan.params()}
        state_shapes = {path: state.shape for path, state in plan.state()}
        self.vector = Parameter(
            _zeros(param_shapes.values(), plan.dtype), _zeros(param_shapes.values(), plan.dtype)
        )
        values = _views(self.vector.value, param_shapes)
        grads = _views(self.vector.grad, param_shapes)
        self.params = {path: Parameter(values[path], grads[path]) for path in param_shapes}
        self.state_vector = _zeros(state_shapes.values(), plan.dtype)
        self.state = _views(self.state_vector, state_shapes)

    def initialize(self, plan: SpecPlan) -> None:
        """Fill parameters and state with what they start from; the spec's seed decides."""
        for path, param in plan.params():
            initializer = Initializer[InitializerConfig].class_for(param.initializer)
            rng = generator(plan.spec.seed, "initialize", path)
            initializer(param.initializer).fill(self.params[path].value, param.fan, rng)
        for path, state in plan.state():
            self.state[path].fill(state.fill)

    def copy(self) -> tuple[Array, Array]:
        """Return copies of all parameters and of all state, flat."""
        return self.vector.value.copy(), self.state_vector.copy()

    def restore(self, copies: tuple[Array, Array]) -> None:
        """Put back what `copy` returned."""
        np.copyto(self.vector.value, copies[0])
        np.copyto(self.state_vector, copies[1])


def _zeros(shapes: Iterable[Shape], dtype: FloatType) -> Array:
    return np.zeros(sum(math.prod(shape) for shape in shapes), dtype)


def _views(vector: Array, shapes: Mapping[str, Shape]) -> dict[str, Array]:
    """Cut a vector into arrays of those shapes, in their order."""
    views: dict[str, Array] = {}
    start = 0
    for path, shape in shapes.items():
        stop = start + math.prod(shape)
        views[path] = vector[start:stop].reshape(shape)
        start = stop
    return views
