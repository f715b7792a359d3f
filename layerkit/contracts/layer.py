"""Contract of layers: plan shapes without data, then run forward and backward in given memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Annotated, TypeAlias, TypeVar, final

from layerkit.arrays import Array, Shape, is_array
from layerkit.component import Component
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_inputs import InputsConfig
from layerkit.contracts.layer_name import LayerName
from layerkit.contracts.layer_plan import LayerPlan
from layerkit.contracts.traits import LayerTraits
from layerkit.fields import FromRegistry
from layerkit.guard import fault, shown
from layerkit.values import unchecked

Batches: TypeAlias = Callable[[], Iterable[Array]]
"""Goes over the training examples, a batch at a time, in the same order at every call."""


def _check_built(config: LayerConfig, built: object) -> None:
    if not isinstance(built, Layer):
        raise fault(config, f"expected 'build' to return a Layer, found {shown(built)}")
    mask = unchecked(built.mask)
    if mask is not None and not (is_array(mask) and mask.ndim == 2):
        reason = "expected 'mask' to be None or an array of shape (capacity, time)"
        raise fault(config, f"{reason}, found {shown(mask)}")


class LayerConfig(InputsConfig, ABC):
    """Base of layer configs; `plan` computes the layer's shapes.

    Attributes
    ----------
    name
        What paths call the layer, such as ``encoder`` in ``encoder.weight``; by default its type
        and its number among the layers of that type: ``dense_1``.
    """

    name: LayerName | None = None

    @abstractmethod
    def plan(self, x: Shape) -> LayerPlan:
        """Return what the layer makes of a per-example input shape; allocates nothing.

        Raises
        ------
        ShapeError
            If the layer cannot work on that shape.
        """

    def traits(self) -> LayerTraits:
        """Return what warnings about specs need to know; by default nothing out of the ordinary."""
        return LayerTraits()

    def build(self, context: LayerContext) -> Layer[LayerConfig]:
        """Return the layer that this config describes, with the memory of its context."""
        return Layer[LayerConfig].class_for(self)(self, context)

    @final
    def build_checked(self, context: LayerContext) -> Layer[LayerConfig]:
        """Return what `build` returns, once it is sure to be a layer.

        Raises
        ------
        PluginError
            If it is none, or its mask is no mask.
        """
        built = self.build(context)
        _check_built(self, built)
        return built


LAYERS = LayerConfig.define_kind("layer", "layerkit.layers")
AnyLayer: TypeAlias = Annotated[LayerConfig, FromRegistry(LAYERS)]
LayerT_co = TypeVar("LayerT_co", bound=LayerConfig, covariant=True)


class Layer(Component[LayerT_co], ABC):
    """One step of the network, with the memory it works in.

    Whatever `forward` and `backward` return may be a view of a buffer of the layer's own, which
    the next call overwrites.
    """

    def __init__(self, config: LayerT_co, context: LayerContext) -> None:
        super().__init__(config)
        self.context = context

    @abstractmethod
    def forward(self, x: Array, *, training: bool) -> Array:
        """Return the outputs ``(n, *output_shape)`` for inputs ``(n, *input_shape)``.

        Must not write ``x``, now or in `backward`: the layer before needs it for its own gradient.
        ``training`` is False in evaluation: dropout drops nothing then.
        """

    @abstractmethod
    def backward(self, dy: Array) -> Array | None:
        """Return the gradient with respect to the last input.

        Assigns (never adds to) the gradients of the layer's parameters. ``dy`` is the gradient with
        respect to the last output, which may be overwritten.
        Returns None when ``context.input_grad`` is None.
        """

    @property
    def mask(self) -> Array | None:
        """Which steps of the output count, ``(capacity, time)``; by default those of the input."""
        return self.context.mask

    def adapt(self, batches: Batches) -> None:
        """Set the layer's state from the training examples, before training; nothing by default.

        Parameters
        ----------
        batches
            Returns the layer's inputs, a batch at a time, in the same order at every call. The
            next batch overwrites the one before.
        """

    def recalibrate(self, batches: Batches) -> None:
        """Compute running statistics again, after something other than training changed parameters.

        Parameters
        ----------
        batches
            As those of `adapt`.
        """
