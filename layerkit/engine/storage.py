"""All numbers of a network: flat vectors, and views into them by path."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise
from typing import Self

import numpy as np

from layerkit.arrays import Array, FloatType, Shape
from layerkit.contracts.layer_context import Parameter
from layerkit.guard import fault
from layerkit.plan.network import NetworkPlan
from layerkit.plan.patterns import GroupPlan
from layerkit.randomness import generator


@dataclass(frozen=True, slots=True)
class GroupExtent:
    """A stretch of the flat vectors whose parameters are updated alike."""

    group: GroupPlan
    extent: slice


@dataclass(frozen=True, slots=True)
class SharedGradient:
    """Where the gradient of a tied parameter is added: to that of the parameter it shares."""

    tied: Array
    shared: Array


@dataclass(frozen=True, slots=True)
class Storage:
    """Parameters, gradients and state, each one contiguous vector.

    Parameters that training leaves alone lie at the end, and those that are updated alike lie
    together, so that an update is a pass over few stretches.

    Attributes
    ----------
    vector
        All parameters and their gradients, flat.
    params
        The same memory by path, such as ``dense_1.weight``, in shape; tied parameters too.
    extents
        Where in the flat vectors each of them lies; tied parameters have no range of their own.
    groups
        The stretches that training changes.
    ties
        The gradients of tied parameters that training changes.
    state_vector, state
        All state, flat and by path.
    """

    vector: Parameter
    params: Mapping[str, Parameter]
    extents: Mapping[str, slice]
    groups: Sequence[GroupExtent]
    ties: Sequence[SharedGradient]
    state_vector: Array
    state: Mapping[str, Array]

    @classmethod
    def allocate(cls, plan: NetworkPlan) -> Self:
        """Return zeros for every array of a plan."""
        order = sorted(plan.params(), key=lambda each: _rank(plan.groups[each[0]]))
        shapes = {path: param.shape for path, param in order}
        state_shapes = {path: state.shape for path, state in plan.state()}
        state = _zeros(state_shapes.values(), plan.dtype)
        extents = _extents(shapes)
        params, vector, ties = _parameters(
            plan, extents, shapes, _zeros(shapes.values(), plan.dtype)
        )
        groups = [
            GroupExtent(group, slice(each[0].start, each[-1].stop))
            for group, paths in groupby(extents, key=lambda path: plan.groups[path])
            if group.rate > 0 and (each := [extents[path] for path in paths])
        ]
        state_views = _views(state, _extents(state_shapes), state_shapes)
        return cls(vector, params, extents, groups, ties, state, state_views)

    def for_shard(self, plan: NetworkPlan) -> Storage:
        """Return a storage of the same parameters, with new memory for gradients and state."""
        shapes = {path: self.params[path].value.shape for path in self.extents}
        params, vector, ties = _parameters(plan, self.extents, shapes, self.vector.value)
        state = self.state_vector.copy()
        state_shapes = {path: array.shape for path, array in self.state.items()}
        state_views = _views(state, _extents(state_shapes), state_shapes)
        return Storage(vector, params, self.extents, self.groups, ties, state, state_views)

    @property
    def trained(self) -> slice:
        """The stretch of the flat vectors that training changes."""
        return slice(0, self.groups[-1].extent.stop if self.groups else 0)

    def initialize(self, plan: NetworkPlan) -> None:
        """Fill parameters and state with what they start from; the spec's seed decides."""
        for path, param in plan.params():
            rng = generator(plan.spec.seed, "initialize", path)
            initializer, value = param.initializer.build(), self.params[path].value
            value.fill(np.nan)
            initializer.fill(value, param.fan, rng)
            if not np.isfinite(value).all():
                reason = f"expected 'fill' to write a finite number to every value of {path}"
                raise fault(initializer, f"{reason}, found others, or some left out")
        for path, state in plan.state():
            self.state[path].fill(state.fill)

    def copy(self) -> tuple[Array, Array]:
        """Return copies of all parameters and of all state, flat."""
        return self.vector.value.copy(), self.state_vector.copy()

    def restore(self, copies: tuple[Array, Array]) -> None:
        """Restore what `copy` returned."""
        np.copyto(self.vector.value, copies[0])
        np.copyto(self.state_vector, copies[1])


def _rank(group: GroupPlan) -> tuple[bool, float, float]:
    return group.rate == 0, -group.rate, -group.decay


def _zeros(shapes: Iterable[Shape], dtype: FloatType) -> Array:
    return np.zeros(sum(math.prod(shape) for shape in shapes), dtype)


def _extents(shapes: Mapping[str, Shape]) -> dict[str, slice]:
    """Return the range of each of those shapes in a vector that holds them one after another."""
    ends = accumulate((math.prod(shape) for shape in shapes.values()), initial=0)
    return {path: slice(*each) for path, each in zip(shapes, pairwise(ends), strict=True)}


def _views(
    vector: Array, extents: Mapping[str, slice], shapes: Mapping[str, Shape]
) -> dict[str, Array]:
    """Cut a vector into arrays of those shapes."""
    return {path: vector[extent].reshape(shapes[path]) for path, extent in extents.items()}


def _parameters(
    plan: NetworkPlan, extents: Mapping[str, slice], shapes: Mapping[str, Shape], value: Array
) -> tuple[dict[str, Parameter], Parameter, list[SharedGradient]]:
    """Return parameters by path with new gradients, all of them flat, and the ties among them."""
    grad = np.zeros_like(value)
    values, grads = _views(value, extents, shapes), _views(grad, extents, shapes)
    params = {path: Parameter(each, grads[path]) for path, each in values.items()}
    ties: list[SharedGradient] = []
    for path, tie in plan.ties.items():
        shared = params[tie.shares]
        view = shared.value.T if tie.transposed else shared.value
        own = np.zeros(view.shape, view.dtype)
        params[path] = Parameter(view, own)
        # The gradient of what is frozen is not always computed anew: it would grow and grow.
        if plan.groups[tie.shares].rate > 0:
            ties.append(SharedGradient(own.T if tie.transposed else own, shared.grad))
    return params, Parameter(value, grad), ties
