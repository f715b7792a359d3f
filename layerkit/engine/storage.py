"""All numbers of a network: flat vectors, and views into them by path."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Self

import numpy as np

from layerkit.arrays import Array, FloatType, Shape
from layerkit.contracts.layer import Parameter
from layerkit.plan.network import NetworkPlan
from layerkit.randomness import generator


@dataclass(frozen=True, slots=True)
class Storage:
    """Parameters, gradients and state, each one contiguous vector.

    Attributes
    ----------
    vector
        All parameters and their gradients, flat.
    params
        The same memory by path, such as ``dense_1.weight``, in shape.
    extents
        Where in the flat vectors each of them lies.
    state_vector, state
        All state, flat and by path.
    """

    vector: Parameter
    params: Mapping[str, Parameter]
    extents: Mapping[str, slice]
    state_vector: Array
    state: Mapping[str, Array]

    @classmethod
    def allocate(cls, plan: NetworkPlan) -> Self:
        """Return zeros for every array of a plan."""
        param_shapes = {path: param.shape for path, param in plan.params()}
        state_shapes = {path: state.shape for path, state in plan.state()}
        value, grad = (_zeros(param_shapes.values(), plan.dtype) for _ in range(2))
        state = _zeros(state_shapes.values(), plan.dtype)
        return cls(
            Parameter(value, grad),
            _parameters(_views(value, param_shapes), _views(grad, param_shapes)),
            _extents(param_shapes),
            state,
            _views(state, state_shapes),
        )

    def with_own_gradients(self) -> Storage:
        """Return a storage of the same parameters and state, with other memory for gradients."""
        grad = np.zeros_like(self.vector.grad)
        values = {path: param.value for path, param in self.params.items()}
        shapes = {path: value.shape for path, value in values.items()}
        return Storage(
            Parameter(self.vector.value, grad),
            _parameters(values, _views(grad, shapes)),
            self.extents,
            self.state_vector,
            self.state,
        )

    def initialize(self, plan: NetworkPlan) -> None:
        """Fill parameters and state with what they start from; the spec's seed decides."""
        for path, param in plan.params():
            rng = generator(plan.spec.seed, "initialize", path)
            param.initializer.build().fill(self.params[path].value, param.fan, rng)
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


def _extents(shapes: Mapping[str, Shape]) -> dict[str, slice]:
    """Return where arrays of those shapes lie in a vector that holds them one after another."""
    ends = accumulate((math.prod(shape) for shape in shapes.values()), initial=0)
    return {path: slice(*each) for path, each in zip(shapes, pairwise(ends), strict=True)}


def _views(vector: Array, shapes: Mapping[str, Shape]) -> dict[str, Array]:
    """Cut a vector into arrays of those shapes, in their order."""
    return {path: vector[extent].reshape(shapes[path]) for path, extent in _extents(shapes).items()}


def _parameters(values: Mapping[str, Array], grads: Mapping[str, Array]) -> dict[str, Parameter]:
    return {path: Parameter(value, grads[path]) for path, value in values.items()}
