"""Residual connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, final

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
    Shape,
    ShapeError,
    chain_missing_values,
    entries,
    plan_chain,
)


class ResidualConfig(LayerConfig):
    """Layers beside a shortcut: ``y = x + layers(x)``; any shape, which the layers must keep.

    Attributes
    ----------
    layers
        At least one; the last one puts out the shape that the first one gets. They cannot read
        ids, to which nothing can be added.

    References
    ----------
    He, Zhang, Ren, Sun (2016), Deep residual learning for image recognition.
    """

    type: Literal["residual"] = "residual"
    layers: Annotated[
        tuple[AnyLayer, ...],
        Strict(strict=False),
        entries(1),
        Field(examples=[["layer_norm", "tanh"]]),
    ]

    def plan(self, x: Shape) -> LayerPlan:
        """Plan the layers, which must end in the shape that they begin with."""
        if self.layers[0].vocabulary() is not None:
            raise ShapeError(
                f"residual expects layers that read numbers, as it adds its input to their output; "
                f"{self.layers[0].display_name} reads ids",
                ("layers", 0),
                "put it before the residual layer",
            )
        plan = plan_chain(self.layers, x)
        if plan.output != x:
            last, most = len(self.layers) - 1, len(x) == 1
            hint = f"end in a dense layer with units = {x[0]}" if most else f"end in a layer of {x}"
            raise ShapeError(
                f"residual expects layers that keep the shape {x}, as it adds its input to their "
                f"output; found {plan.output}",
                ("layers", last),
                hint,
            )
        return plan

    def missing_values(self) -> Missing:
        """Return that it passes them on, as it adds its input, unless the layers refuse them."""
        does = chain_missing_values(self.layers)
        return "refuses" if does == "refuses" else "passes"


@final
class Residual(Composite[ResidualConfig]):
    """See `ResidualConfig`."""

    def __init__(self, config: ResidualConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        is_wanted = context.input_grad is not None
        grad = context.training_buffer(context.input_shape) if is_wanted else None
        self._chain = Chain(context, context.plan.layers, grad, context.mask)
        self.chains: Sequence[Chain] = (self._chain,)
        self._y = context.buffer(context.output_shape)

    @property
    def mask(self) -> Array | None:
        """That of the last layer."""
        return self._chain.mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Add the input to the output of the layers."""
        return np.add(x, self._chain.forward(x, training=training), out=self._y[: len(x)])

    def backward(self, dy: Array) -> Array | None:
        """``dy``, plus what comes back through the layers."""
        if self.context.input_grad is None:
            self._chain.backward(dy)
            return None
        dx = self.context.input_grad[: len(dy)]
        np.copyto(dx, dy)  # first: the layers may overwrite dy
        inner = self._chain.backward(dy)
        return dx if inner is None else np.add(dx, inner, out=dx)
