"""A built network: its parameters, and what it predicts."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from layerkit.arrays import Array, Values
from layerkit.contracts.chain import Chain
from layerkit.contracts.dataset import ClassTarget
from layerkit.contracts.layer import LayerContext, LayerMemory
from layerkit.contracts.output import OutputContext
from layerkit.display.summary import print_summary, summary_text
from layerkit.elsewhere import no_attribute
from layerkit.engine.in_memory import ArraysGiven, prepare
from layerkit.engine.storage import Storage
from layerkit.formats.in_memory import (
    always_fit,
    as_numbers,
    check_batch_shape,
    check_finite_as,
    check_ids,
    scale_into,
)
from layerkit.guard import blamed, component_errors
from layerkit.plan.network import NetworkPlan
from layerkit.randomness import StepRandom
from layerkit.spec.models import ModelSpec

if TYPE_CHECKING:
    from layerkit.engine.by_hand import ByHand

CAPACITY = 512
"""Examples that are evaluated or predicted at a time."""


def build(
    spec: ModelSpec | NetworkPlan | Mapping[str, object], *, data: ArraysGiven | None = None
) -> Network:
    """Return the network of a spec, or of its plan, initialised from its seed; reads no data.

    Parameters
    ----------
    spec
        What to build, its plan, or the table of a spec.
    data
        Arrays to plan the network for in place of the spec's data, as `train` takes them.

    Raises
    ------
    SpecError
        If shapes do not fit; see `plan_network`.
    DataError, UsageError
        If the arrays cannot be trained on.
    """
    return Network(prepare(spec, data)[0])


def build_chain(
    plan: NetworkPlan,
    storage: Storage,
    capacity: int,
    random: StepRandom | None = None,
) -> Chain:
    """Return the layers of a network, built for batches of one capacity.

    Several chains can share one storage: one trains, another evaluates in larger batches.

    Parameters
    ----------
    plan, storage
        The network.
    capacity
        The most examples that a batch will have.
    random
        The generators of the layers, for a chain that trains; without, it only evaluates.
    """
    trained = frozenset(
        path
        for path, _ in plan.chain.all_params()
        if plan.groups[plan.ties[path].shares if path in plan.ties else path].rate > 0
    )
    memory = LayerMemory(
        params=storage.params,
        state=storage.state,
        trainable=trained,
        capacity=capacity,
        dtype=plan.dtype,
        trains=random is not None,
        random=random or StepRandom(plan.spec.seed),
        kernels=plan.kernels,
    )
    context = LayerContext(
        path="",
        input_shape=plan.info.input_shape,
        plan=plan.chain,
        params={},
        state={},
        input_grad=None,
        mask=None,
        memory=memory,
    )
    return Chain(context, plan.layers, input_grad=None)


def output_context(plan: NetworkPlan, capacity: int) -> OutputContext:
    """Return what losses and metrics are built with."""
    return OutputContext(
        plan.output_shape, plan.info.target, plan.loss, capacity, plan.dtype, plan.kernels
    )


class Network:
    """The network of a spec, initialised from its seed.

    Several threads may predict at once: each works in buffers of its own. Training while another
    thread predicts is not safe.

    Attributes
    ----------
    spec, plan
        What it was built from.
    storage
        All its numbers.
    """

    @component_errors()
    def __init__(self, plan: NetworkPlan) -> None:
        self.spec: ModelSpec = plan.spec
        self.plan: NetworkPlan = plan
        self.storage: Storage = Storage.allocate(plan)
        self.storage.initialize(plan)
        self._of_thread = _OfThread()
        self._by_hand: ByHand | None = None

    @property
    def parameters(self) -> Mapping[str, Array]:
        """Every parameter by its path, such as ``dense_1.weight``; views, not copies."""
        return {path: parameter.value for path, parameter in self.storage.params.items()}

    @property
    def gradients(self) -> Mapping[str, Array]:
        """The gradient of every parameter after `backward`; views, not copies."""
        return {path: parameter.grad for path, parameter in self.storage.params.items()}

    @property
    def arrays(self) -> Mapping[str, Array]:
        """Everything that is saved: parameters and state by path; views, not copies."""
        own = {path: self.storage.params[path].value for path in self.storage.extents}
        return {**own, **self.storage.state}

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> None:
            """Say what stands for the words of other libraries."""
            raise no_attribute(self, name)

    def __repr__(self) -> str:
        """Return the summary as text."""
        return summary_text(self.plan, CAPACITY)

    def summary(self) -> None:
        """Print layers, shapes, parameters and memory, as ``layerkit summary`` does."""
        print_summary(self.plan, CAPACITY)

    @property
    def class_names(self) -> tuple[str, ...]:
        """What the classes are called, in the order of their indices; empty without names."""
        target = self.plan.info.target
        return target.names if isinstance(target, ClassTarget) else ()

    def outputs(self, inputs: ArrayLike) -> Array:
        """Return the last layer's outputs, such as logits, ``(n, *output_shape)``.

        Parameters
        ----------
        inputs
            ``(n, *input_shape)`` numbers as the data have them, such as bytes of pixels: they are
            scaled as in training. An array, or lists.

        Raises
        ------
        DataError
            If the inputs have another shape, or are no finite numbers.
        """
        return self._run(inputs, predict=False)

    def predict(self, inputs: ArrayLike) -> Array:
        """Return the predictions that the loss makes of outputs: probabilities for a classifier.

        Parameters and errors are those of `outputs`.
        """
        return self._run(inputs, predict=True)

    @component_errors()
    def forward(self, inputs: ArrayLike) -> Array:
        """Run a batch forward as in training (with dropout, say), for a loop by hand.

        Parameters and errors are those of `outputs`, the result is a new array.
        """
        return self._hand().forward(self._checked(inputs))

    @component_errors()
    def backward(self, targets: ArrayLike) -> float:
        """Return the mean loss of the batch of the last `forward`; compute `gradients`.

        Parameters
        ----------
        targets
            Classes or numbers, as `train` takes them.

        Raises
        ------
        DataError
            If they are not like those that the network was planned for.
        UsageError
            If `forward` was not called.
        """
        return self._hand().backward(targets)

    @component_errors()
    def update(self, learning_rate: float | None = None) -> None:
        """Change the parameters by the gradient, with the spec's optimizer and penalties.

        Parameters
        ----------
        learning_rate
            Of this step; by default that of the spec, without its schedule.

        Raises
        ------
        UsageError
            If `backward` was not called.
        """
        self._hand().update(learning_rate)

    def _hand(self) -> ByHand:
        if self._by_hand is None:
            from layerkit.engine.by_hand import ByHand  # which imports this module

            self._by_hand = ByHand(self)
        return self._by_hand

    def _run(self, inputs: ArrayLike, *, predict: bool) -> Array:
        checked = self._checked(inputs)
        try:
            return self._predictor().run(checked, predict=predict)
        except BaseException as error:  # noqa: BLE001
            raise blamed(error) from error.__cause__

    def _predictor(self) -> _Predictor:
        predictor = self._of_thread.predictor
        if predictor is None:
            predictor = self._of_thread.predictor = _Predictor(self.plan, self.storage)
        return predictor

    def _checked(self, inputs: ArrayLike) -> Values:
        info = self.plan.info
        found = as_numbers(inputs, "inputs")
        check_batch_shape(found.shape, info.input_shape, "inputs")
        if info.vocabulary is not None:
            check_ids(found, info.vocabulary, "inputs")
        return found


class _Predictor:
    """The layers of a network with buffers of their own."""

    def __init__(self, plan: NetworkPlan, storage: Storage) -> None:
        self._chain = build_chain(plan, storage, CAPACITY)
        self._context = output_context(plan, CAPACITY)
        self._loss = plan.spec.loss.build(self._context)
        self._scale = plan.info.scale
        self._x: Array = np.zeros((CAPACITY, *plan.info.input_shape), plan.dtype)

    def run(self, inputs: Values, *, predict: bool) -> Array:
        """Return outputs or predictions for any number of examples, as a new array."""
        context = self._context
        shape = context.plan.prediction if predict else context.output_shape
        results: Array = np.empty((len(inputs), *shape), context.dtype)
        dtype = inputs.dtype
        fit = dtype.kind != "f" and always_fit(dtype, context.dtype, self._scale)
        # Whoever reads the results sees an overflow there.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for start in range(0, len(inputs), CAPACITY):
                batch = self._scaled(inputs[start : start + CAPACITY])
                result = results[start : start + CAPACITY]
                # The sum of squares is finite if all are, but for very large ones.
                if not (fit or math.isfinite(np.vdot(batch, batch))):
                    check_finite_as(inputs, context.dtype, self._scale, "inputs")
                outputs = self._chain.forward(batch, training=False)
                if predict:
                    self._loss.predict(outputs, result)
                else:
                    np.copyto(result, outputs)
        return results

    def _scaled(self, inputs: Values) -> Array:
        if inputs.dtype == self._x.dtype and self._scale == 1:
            return inputs.view(self._x.dtype)
        batch = self._x[: len(inputs)]
        scale_into(batch, inputs, self._scale)
        return batch


class _OfThread(threading.local):
    """The predictor of the current thread."""

    predictor: _Predictor | None = None
