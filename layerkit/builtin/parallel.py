"""Branches side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Annotated, Literal, TypeAlias, final

import numpy as np
from pydantic import Field, Strict

from layerkit.plugin import (
    AnyLayer,
    Array,
    Chain,
    Composite,
    LayerConfig,
    LayerContext,
    LayerPlan,
    Missing,
    PlannedLayer,
    Shape,
    ShapeError,
    add_gradients,
    chain_missing_values,
    entries,
    plan_chain,
)

Branch: TypeAlias = Annotated[tuple[AnyLayer, ...], Strict(strict=False), entries(0)]


class ParallelConfig(LayerConfig):
    """Every branch gets the input; their outputs are added, joined or multiplied.

    Any shape that all branches take. ``"add"`` and ``"multiply"`` go element by element, over
    outputs of one shape; ``"concat"`` joins outputs along their last axis, ``(..., a)`` and
    ``(..., b)`` to ``(..., a + b)``. Keras has these as the layers Add, Concatenate (``axis=-1``)
    and Multiply.

    Layers are called by the number of their branch and their name in it:
    ``parallel_1.branch_2_dense_1.weight``.

    Where branches are sequences with masks, a step of the output counts if it counts in every
    branch that has a mask.

    Attributes
    ----------
    branches
        At least one, each a list of layers. An empty one passes on the input as it is. Either all
        of them read ids or none does.
    combine
        ``"add"``, ``"concat"`` or ``"multiply"``.

    References
    ----------
    Szegedy et al. (2015), Going deeper with convolutions, section 4.
    Huang, Liu, van der Maaten, Weinberger (2017), Densely connected convolutional networks.
    """

    type: Literal["parallel"] = "parallel"
    branches: Annotated[
        tuple[Branch, ...], Strict(strict=False), entries(1), Field(examples=[[["tanh"], []]])
    ]
    combine: Literal["add", "concat", "multiply"] = "add"

    def plan(self, x: Shape) -> LayerPlan:
        """Plan every branch, and how outputs go together."""
        self._check_ids()
        plans: list[LayerPlan] = []
        layers: list[PlannedLayer] = []
        for number, branch in enumerate(self.branches):
            places = [("branches", number, index) for index in range(len(branch))]
            plan = plan_chain(branch, x, places=places)
            plans.append(plan)
            layers += [each.renamed(f"branch_{number + 1}_{each.name}") for each in plan.layers]
        return LayerPlan(self._combined([plan.output for plan in plans]), layers=tuple(layers))

    def vocabulary(self) -> int | None:
        """Return the smallest of the branches; None if one reads numbers."""
        read = [branch[0].vocabulary() if branch else None for branch in self.branches]
        known = [ids for ids in read if ids is not None]
        return min(known) if len(known) == len(read) else None

    def missing_values(self) -> Missing:
        """Return that it refuses or passes them on if any branch does; else it fills them."""
        does = {chain_missing_values(branch) for branch in self.branches}
        if "refuses" in does:
            return "refuses"
        return "passes" if "passes" in does else "fills"

    def _check_ids(self) -> None:
        for number, branch in enumerate(self.branches):
            reads_ids = bool(branch) and branch[0].vocabulary() is not None
            if reads_ids and self.vocabulary() is None:
                raise ShapeError(
                    "parallel expects all branches to read ids, or none; found "
                    f"{branch[0].display_name}, which does, beside one that reads numbers",
                    ("branches", number, 0),
                    "put it before the parallel layer, or begin every branch with one",
                )

    def _combined(self, outputs: Sequence[Shape]) -> Shape:
        first, is_joined = outputs[0], self.combine == "concat"
        if is_joined and not first:
            raise ShapeError("parallel expects an axis to join along, found outputs of shape ()")
        for number, shape in enumerate(outputs):
            fits = shape[:-1] == first[:-1] and bool(shape) if is_joined else shape == first
            if not fits:
                alike = f"the shape {first} but for the last axis" if is_joined else f"{first}"
                raise ShapeError(
                    f"parallel with combine = '{self.combine}' expects every branch to put out "
                    f"{alike}, as branches.0 does; found {shape}",
                    ("branches", number),
                    "end all branches alike",
                )
        if is_joined:
            return (*first[:-1], sum(shape[-1] for shape in outputs))
        return first


@final
class Parallel(Composite[ParallelConfig]):
    """See `ParallelConfig`."""

    def __init__(self, config: ParallelConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        ends = list(accumulate((len(branch) for branch in config.branches), initial=0))
        branches = [context.plan.layers[start:end] for start, end in pairwise(ends)]
        outputs = [each[-1].plan.output if each else context.input_shape for each in branches]
        is_wanted = context.input_grad is not None
        self.chains: Sequence[Chain] = tuple(
            Chain(
                context,
                branch,
                context.training_buffer(context.input_shape) if is_wanted else None,
                context.mask,
            )
            for branch in branches
        )
        self._y = context.buffer(context.output_shape)
        # A branch may overwrite the gradient that it gets, so each has one of its own.
        self._dy = [context.training_buffer(output) for output in outputs]
        widths = (output[-1] if output else 1 for output in outputs)
        self._columns = [slice(*ends) for ends in pairwise(accumulate(widths, initial=0))]
        self._outputs: list[Array] = []
        steps = context.output_shape[:1]
        masks = {id(chain.mask): chain.mask for chain in self.chains}.values()
        self._masks = [mask for mask in masks if mask is not None and mask.shape[1:] == steps]
        self._mask: Array | None = self._masks[0] if self._masks else None
        if len(self._masks) > 1:
            self._mask = np.ones_like(self._masks[0])

    @property
    def mask(self) -> Array | None:
        """1 where a step counts in every branch that has a mask."""
        return self._mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Run every branch, and combine what they put out."""
        n = len(x)
        self._outputs = [chain.forward(x, training=training) for chain in self.chains]
        y = self._y[:n]
        if self.config.combine == "concat":
            for output, columns in zip(self._outputs, self._columns, strict=True):
                np.copyto(y[..., columns], output)
        else:
            combine = np.add if self.config.combine == "add" else np.multiply
            np.copyto(y, self._outputs[0])
            for output in self._outputs[1:]:
                combine(y, output, out=y)
        if self._mask is not None and len(self._masks) > 1:
            mask = self._mask[:n]
            np.copyto(mask, self._masks[0][:n])
            for other in self._masks[1:]:
                np.minimum(mask, other[:n], out=mask)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Give every branch its gradient; add up what comes back.

        Of a sum that is ``dy`` itself, of joined outputs its own columns, of a product ``dy`` times
        the other outputs.
        """
        grads = [grad[: len(dy)] for grad in self._dy]
        for branch, grad in enumerate(grads):
            if self.config.combine == "concat":
                np.copyto(grad, dy[..., self._columns[branch]])
                continue
            np.copyto(grad, dy)
            if self.config.combine == "multiply":
                for other, output in enumerate(self._outputs):
                    if other != branch:
                        np.multiply(grad, output, out=grad)
        inward = [chain.backward(grad) for chain, grad in zip(self.chains, grads, strict=True)]
        return add_gradients(inward, self.context.input_grad)
