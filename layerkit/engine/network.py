"""A built network: its parameters, and what it predicts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from layerkit.arrays import Array
from layerkit.contracts import Loss, LossConfig, OutputPlace
from layerkit.engine.stack import Stack
from layerkit.engine.storage import Storage
from layerkit.errors import DataError
from layerkit.spec.plan import SpecPlan

CAPACITY = 512
"""Examples that are evaluated or predicted at a time."""


class Network:
    """The network of a spec, initialised from its seed.

    Attributes
    ----------
    spec, plan
        What it was built from.
    storage
        All its numbers.
    stack
        Its layers, built for evaluation.
    """

    def __init__(self, plan: SpecPlan) -> None:
        self.spec = plan.spec
        self.plan = plan
        self.storage = Storage(plan)
        self.storage.initialize(plan)
        self.stack = Stack(plan, self.storage, CAPACITY, train=False)
        self._x: Array = np.zeros((CAPACITY, *plan.info.input_shape), plan.dtype)
        place = OutputPlace(plan.output_shape, plan.info.target, CAPACITY, plan.dtype)
        self._loss = Loss[LossConfig].class_for(self.spec.loss)(self.spec.loss, place)

    @property
    def parameters(self) -> Mapping[str, Array]:
        """Every parameter by its path, such as ``dense_1.weight``; views, not copies."""
        return {path: parameter.value for path, parameter in self.storage.params.items()}

    @property
    def arrays(self) -> Mapping[str, Array]:
        """Everything that is saved: parameters and state by path; views, not copies."""
        return {**self.parameters, **self.storage.state}

    def outputs(self, inputs: Array) -> Array:
        """Return the last layer's outputs, such as logits, ``(n, *output_shape)``.

        Parameters
        ----------
        inputs
            ``(n, *input_shape)``, scaled as in training; see `Examples.scaled`.

        Raises
        ------
        DataError
            If the inputs have another shape.
        """
        return self._in_batches(inputs, predict=False)

    def predict(self, inputs: Array) -> Array:
        """Return what the loss makes of the outputs: probabilities for a classifier.

        Parameters and errors are those of `outputs`.
        """
        return self._in_batches(inputs, predict=True)

    def _in_batches(self, inputs: Array, *, predict: bool) -> Array:
        expected = self.plan.layers[0].input_shape
        if inputs.shape[1:] != expected:
            raise DataError(
                f"expected inputs of shape (n, {', '.join(map(str, expected))}), "
                f"found {inputs.shape}"
            )
        results: Array = np.zeros((len(inputs), *self.plan.output_shape), self.plan.dtype)
        for start in range(0, len(inputs), CAPACITY):
            batch = self._x[: len(inputs) - start]
            np.copyto(batch, inputs[start : start + CAPACITY])
            result = results[start : start + CAPACITY]
            outputs = self.stack.forward(batch, train=False)
            if predict:
                self._loss.predict(outputs, result)
            else:
                np.copyto(result, outputs)
        return results
