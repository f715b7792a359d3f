"""A built network: its parameters, and what it predicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from layerkit.arrays import Array, Labels, Values
from layerkit.contracts.dataset import ClassTarget
from layerkit.contracts.table import TableConfig
from layerkit.contracts.table_encoder import TableEncoder
from layerkit.display.summary import print_summary, summary_text
from layerkit.elsewhere import no_attribute
from layerkit.engine.chains import CAPACITY
from layerkit.engine.data_checks import check_input_ids
from layerkit.engine.predictor import Predictor, PredictorOfThread
from layerkit.engine.storage import Storage
from layerkit.errors import UsageError
from layerkit.formats.in_memory import as_numbers, check_batch_shape
from layerkit.formats.memory_table import table_of
from layerkit.guard import blamed, component_errors
from layerkit.plan.network import NetworkPlan
from layerkit.spec.models import ModelSpec

if TYPE_CHECKING:
    from layerkit.engine.by_hand import ByHand


TableLike: TypeAlias = Mapping[str, object] | Sequence[Mapping[str, object]]
"""Columns by name, or records; data frames can be arrays too, so that `ArrayLike` has them."""


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
    given_state
        Paths of layers' state that came with weights of another run: training does not set it anew.
    """

    @component_errors()
    def __init__(self, plan: NetworkPlan) -> None:
        self.spec: ModelSpec = plan.spec
        self.plan: NetworkPlan = plan
        self.storage: Storage = Storage.allocate(plan)
        self.storage.initialize(plan)
        self.given_state: frozenset[str] = frozenset()
        self._of_thread = PredictorOfThread()
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

    def outputs(self, inputs: ArrayLike | TableLike) -> Array:
        """Return the last layer's outputs, such as logits, ``(n, *output_shape)``.

        Parameters
        ----------
        inputs
            ``(n, *input_shape)`` numbers as the data have them, such as bytes of pixels: they are
            scaled as in training. An array, or lists. Missing values are nan, where the network
            has a layer that fills them in. For a network that was trained on a table also a dict of
            columns, a list of records or a data frame: its columns are found by their names, in any
            order, and others are not looked at.

        Raises
        ------
        DataError
            If the inputs have another shape or lack a column, or are no finite numbers.
        """
        return self._run(inputs, predict=False)

    def predict(self, inputs: ArrayLike | TableLike) -> Array:
        """Return the predictions that the loss makes of outputs: probabilities for a classifier.

        Parameters and errors are those of `outputs`.
        """
        return self._run(inputs, predict=True)

    def predict_classes(self, inputs: ArrayLike | TableLike) -> Values:
        """Return the most probable class of each example by its name, or its index without names.

        Parameters and errors are those of `outputs`.

        Returns
        -------
        Values
            ``(n,)``, or ``(n, time)`` where there is a class for every step.

        Raises
        ------
        UsageError
            If the network does not predict classes.
        """
        if not isinstance(self.plan.info.target, ClassTarget):
            raise UsageError(
                "expected a network that predicts classes, found one that predicts numbers; use "
                "predict(x)"
            )
        labels: Labels = self.predict(inputs).argmax(axis=-1)
        if not self.class_names:
            return labels
        names: Values = np.array(self.class_names)
        return names[labels]

    @component_errors()
    def forward(self, inputs: ArrayLike | TableLike) -> Array:
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

    def _run(self, inputs: ArrayLike | TableLike, *, predict: bool) -> Array:
        checked = self._checked(inputs)
        try:
            return self._predictor().run(checked, predict=predict)
        except BaseException as error:  # noqa: BLE001
            raise blamed(error) from error.__cause__

    def _predictor(self) -> Predictor:
        predictor = self._of_thread.predictor
        if predictor is None:
            predictor = self._of_thread.predictor = Predictor(self.plan, self.storage)
        return predictor

    def _checked(self, inputs: ArrayLike | TableLike) -> Values:
        info = self.plan.info
        table = self._table(inputs)
        found = as_numbers(inputs if table is None else table, "inputs")
        check_batch_shape(found.shape, info.input_shape, "inputs")
        check_input_ids(self.plan, found, "inputs")
        return found

    def _table(self, inputs: object) -> Array | None:
        """Return the rows of a table as the network takes them; None where inputs are no table."""
        data = self.spec.data
        table = table_of(inputs, "inputs") if isinstance(data, TableConfig) else None
        if table is None or not isinstance(data, TableConfig):
            return None
        rows = [chunk for chunk, _ in TableEncoder(data.table_schema, table).inputs()]
        return np.concatenate(rows) if rows else np.zeros((0, *self.plan.info.input_shape))
