"""What layers are built with: their memory, their randomness and their part in the loss."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import ReferenceType, ref

import numpy as np

from layerkit.arrays import Array, FloatType, Shape
from layerkit.contracts.added_loss import AddedLoss
from layerkit.contracts.layer_plan import LayerPlan, PlannedLayer
from layerkit.contracts.layer_schedules import LayerSchedules, Scheduled
from layerkit.contracts.schedule import ScheduleConfig
from layerkit.kernels import Kernels
from layerkit.randomness import StepRandom

if TYPE_CHECKING:
    from layerkit.contracts.layer import Layer, LayerConfig


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
    added_loss
        What layers add to the loss of a step.
    schedules
        The numbers of layers that change over the run; None where nothing is trained by steps of a
        run.
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
    added_loss: AddedLoss = field(default_factory=AddedLoss)
    schedules: LayerSchedules | None = None
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
        """Return what a planned layer at that path is built with.

        A layer upstream that changes the steps, such as ``reshape``, may pass on a mask about other
        steps; that one is left out.
        """
        time, has_steps = layer.input_shape[:1], len(layer.input_shape) > 1
        if mask is not None and not (has_steps and mask.shape[1:] == time):
            mask = None
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
        padding, ``(capacity, time)``, where ``time`` is the length of the input's first axis;
        written by a layer upstream, such as an embedding. Else None.
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

    @property
    def batch_size(self) -> int:
        """Examples of the whole batch of a step; a layer gets a part of them where threads do."""
        return self.memory.added_loss.examples

    def add_loss(self, value: float) -> None:
        """Add to the loss of a step, in ``forward`` in training; ``backward`` adds its gradient.

        The loss is a mean over the examples of a batch: divide a sum over examples by `batch_size`.

        Raises
        ------
        TypeError
            If it is no number.
        """
        self.memory.added_loss.add(value)

    def scheduled(
        self, option: str, start: float, schedule: ScheduleConfig | None, below: float = math.inf
    ) -> Scheduled:
        """Return a number that a schedule changes over the run; ask for it in ``__init__``.

        Parameters
        ----------
        option
            What the spec calls the number, such as ``"rate"``.
        start
            The number in the spec, which the schedule multiplies.
        schedule
            The schedule in the spec; without one, the number stays.
        below
            What it must stay below. It must be at least 0.

        Raises
        ------
        UsageError
            If the schedule leaves that range within the run.
        """
        schedules = self.memory.schedules
        if schedule is None or schedules is None:
            return Scheduled(start)
        return schedules.scheduled(f"{self.path}.{option}", start, schedule, below)

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
        built = layer.config.build_checked(self.memory.context(path, layer, input_grad, mask))
        self.memory.built.append(ref(built))
        return built

    def is_trained(self, layer: PlannedLayer) -> bool:
        """Tell whether training changes any parameter of an inner layer."""
        start = f"{self.path}.{layer.name}." if self.path else f"{layer.name}."
        return any(f"{start}{path}" in self.memory.trainable for path, _ in layer.plan.all_params())
