"""Layers one after another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, final

from annotated_types import Ge, Le
from pydantic import Field, Strict

from layerkit.plugin import (
    AnyLayer,
    Array,
    Chain,
    Composite,
    LayerConfig,
    LayerContext,
    LayerPlan,
    LayerTraits,
    Missing,
    Shape,
    chain_missing_values,
    entries,
    plan_chain,
)


class SequentialConfig(LayerConfig):
    """Layers one after another, the whole of it ``repeat`` times.

    ``y = layer_n(... layer_2(layer_1(x)))``.

    Any shape that the first layer takes, to what the last one makes of it. PyTorch and Keras have
    the same under the same name, without ``repeat``.

    Attributes
    ----------
    layers
        At least one.
    repeat
        How many copies of the layers follow each other, from 1 to 1024. Each has parameters of its
        own, under names that count on: ``dense_1``, ``dense_2``. The name that the spec gives a
        layer gets the copy's number where there are several: ``hidden_1``, ``hidden_2``.

    References
    ----------
    Goodfellow, Bengio, Courville (2016), Deep Learning, chapter 6, on networks as functions in a
    chain.
    """

    type: Literal["sequential"] = "sequential"
    layers: Annotated[
        tuple[AnyLayer, ...],
        Strict(strict=False),
        entries(1),
        Field(examples=[["layer_norm", "tanh"]]),
    ]
    repeat: Annotated[int, Ge(1), Le(1024)] = 1

    def plan(self, x: Shape) -> LayerPlan:
        """Plan every copy of every layer."""
        places = [("layers", index) for index in range(len(self.layers))] * self.repeat
        return plan_chain(self._copies(), x, places=places)

    def vocabulary(self) -> int | None:
        """Return that of the first layer."""
        return self.layers[0].vocabulary()

    def missing_values(self) -> Missing:
        """Return what the first layer does that does not pass them on."""
        return chain_missing_values(self.layers)

    def traits(self) -> LayerTraits:
        """Return that the outputs are those of the last layer."""
        last = self.layers[-1].traits()
        return LayerTraits(outputs=last.outputs, adds_noise=last.adds_noise)

    def _copies(self) -> list[LayerConfig]:
        if self.repeat == 1:
            return list(self.layers)
        return [
            layer if layer.name is None else layer.model_copy(update={"name": f"{layer.name}_{n}"})
            for n in range(1, self.repeat + 1)
            for layer in self.layers
        ]


@final
class Sequential(Composite[SequentialConfig]):
    """See `SequentialConfig`."""

    def __init__(self, config: SequentialConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._chain = Chain(context, context.plan.layers, context.input_grad, context.mask)
        self.chains: Sequence[Chain] = (self._chain,)

    @property
    def mask(self) -> Array | None:
        """That of the last layer."""
        return self._chain.mask

    def forward(self, x: Array, *, training: bool) -> Array:
        """Run the layers in their order."""
        return self._chain.forward(x, training=training)

    def backward(self, dy: Array) -> Array | None:
        """Run the layers backward, the last one first."""
        return self._chain.backward(dy)
