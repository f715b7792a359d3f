"""Contract of layers: plan shapes without data, then run forward and backward in given memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, TypeAlias, TypeVar
from weakref import ReferenceType, ref

import numpy as np
from pydantic import PlainValidator, WithJsonSchema

from layerkit.arrays import Array, FloatType, Shape, is_array
from layerkit.component import Component
from layerkit.contracts.layer_inputs import InputsConfig
from layerkit.contracts.layer_plan import LayerPlan, PlannedLayer
from layerkit.contracts.traits import LayerTraits
from layerkit.fields import FromRegistry
from layerkit.guard import fault, shown
from layerkit.kernels import Kernels
from layerkit.problems import problem
from layerkit.randomness import StepRandom
from layerkit.values import unchecked


def _layer_name(value: object) -> str:
    if isinstance(value, str) and value.isascii() and value.isidentifier():
        return value
    raise problem("wrong-value", "expected a name of letters, digits and underscores")


LayerName: TypeAlias = Annotated[
    str,
    PlainValidator(_layer_name),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"}),
]


Batches: TypeAlias = Callable[[], Iterable[Array]]
"""Goes over the training examples, a batch at a time, in the same order at every call."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter's values and their gradient, each a view into the network's flat vectors."""

    value: Array
    grad: Array


@dataclass(frozen=True, slots=True)
class LayerMemory:
    """What all layers of a network that work on one batch have in common.

    Attributes
    ----------
    params, state
        Every array of the network, by path.
    trainable
        Paths of the parameters that training changes.
    capacity
        The most examples that a batch will have. A batch may have fewer.
    dtype
        Of every array that comes in and goes out.
    trains
        Whether gradients will be asked for; without, no memory is needed for them.
    random
        The generators of all layers.
    kernels
        Chooses the code of inner loops; see `layerkit.kernels`.
    built
        Every layer that was built with this memory; weakly, as each holds the memory itself.
    """

    params: Mapping[str, Parameter]
    state: Mapping[str, Array]
    trainable: frozenset[str]
    capacity: int
    dtype: FloatType
    trains: bool
    random: StepRandom
    kernels: Kernels = field(default_factory=Kernels)
    built: list[ReferenceType[Layer[LayerConfig]]] = field(
        default_factory=list["ReferenceType[Layer[LayerConfig]]"]
    )

    @property
    def layers(self) -> list[Layer[LayerConfig]]:
        """Every layer that was built with this memory, inner ones too, and is still there."""
        return [layer for reference in self.built if (layer := reference()) is not None]

    def context(
        self, path: str, layer: PlannedLayer, input_grad: Array | None, mask: Array | None
    ) -> LayerContext:
        """Return what a planned layer at that path is built with."""
        return LayerContext(
            path=path,
            input_shape=layer.input_shape,
            plan=layer.plan,
            params={name: self.params[f"{path}.{name}"] for name in layer.plan.params},
            state={name: self.state[f"{path}.{name}"] for name in layer.plan.state},
            input_grad=input_grad,
            mask=mask,
            memory=self,
        )


@dataclass(frozen=True, slots=True)
class LayerContext:
    """What a layer is built with: its shapes, its memory and its randomness.

    Attributes
    ----------
    path
        Where in the network it is, such as ``residual_1.dense_1``.
    input_shape, plan
        Per-example input shape, and what the layer planned to make of it.
    params, state
        What the plan asked for, by name.
    input_grad
        Memory for the gradient of the loss with respect to the input, ``(capacity,
        *input_shape)``. None when that gradient is not needed: nothing upstream is trained.
    mask
        For inputs that are sequences of different lengths: 1 for every step that counts and 0 for
        padding, ``(capacity, time)``; written by a layer upstream, such as an embedding. Else None.
    memory
        What it has in common with all layers of the network.
    """

    path: str
    input_shape: Shape
    plan: LayerPlan
    params: Mapping[str, Parameter]
    state: Mapping[str, Array]
    input_grad: Array | None
    mask: Array | None
    memory: LayerMemory

    @property
    def output_shape(self) -> Shape:
        """Per-example output shape, as planned."""
        return self.plan.output

    @property
    def capacity(self) -> int:
        """The most examples that a batch will have. A batch may have fewer."""
        return self.memory.capacity

    @property
    def dtype(self) -> FloatType:
        """Of every array that comes in and goes out."""
        return self.memory.dtype

    @property
    def trains(self) -> bool:
        """Whether `backward` will be called; without, no memory is needed for it."""
        return self.memory.trains

    @property
    def rng(self) -> np.random.Generator:
        """The layer's own random generator, set to the step before every training step."""
        return self.memory.random.generator(self.path)

    @property
    def kernels(self) -> Kernels:
        """Chooses the code of inner loops; ask it in ``__init__``."""
        return self.memory.kernels

    def buffer(self, shape: Shape) -> Array:
        """Return new memory for a batch of arrays of that per-example shape."""
        return np.zeros((self.capacity, *shape), self.dtype)

    def training_buffer(self, shape: Shape) -> Array:
        """Return what `buffer` does; without any rows where `trains` is False."""
        return np.zeros((self.capacity if self.trains else 0, *shape), self.dtype)

    def build(
        self, layer: PlannedLayer, input_grad: Array | None, mask: Array | None = None
    ) -> Layer[LayerConfig]:
        """Return an inner layer, one of ``plan.layers``, with memory of its own.

        Parameters
        ----------
        layer
            Which.
        input_grad
            Memory for the gradient with respect to its input, or None if it is not needed.
        mask
            Which steps of its input count.
        """
        path = f"{self.path}.{layer.name}" if self.path else layer.name
        built = layer.config.build(self.memory.context(path, layer, input_grad, mask))
        _check_built(layer.config, built)
        self.memory.built.append(ref(built))
        return built

    def is_trained(self, layer: PlannedLayer) -> bool:
        """Tell whether training changes any parameter of an inner layer."""
        start = f"{self.path}.{layer.name}." if self.path else f"{layer.name}."
        return any(f"{start}{path}" in self.memory.trainable for path, _ in layer.plan.all_params())


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
