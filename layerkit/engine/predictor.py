"""What a network predicts, worked out in buffers of a thread's own."""

from __future__ import annotations

import math
import threading

import numpy as np

from layerkit.arrays import Array, Values
from layerkit.engine.chains import CAPACITY, build_chain, output_context
from layerkit.engine.data_checks import check_numbers
from layerkit.engine.storage import Storage
from layerkit.formats.in_memory import always_fit, scale_into
from layerkit.plan.network import NetworkPlan


class Predictor:
    """The layers of a network with buffers of their own."""

    def __init__(self, plan: NetworkPlan, storage: Storage) -> None:
        self._chain = build_chain(plan, storage, CAPACITY)
        self._context = output_context(plan, CAPACITY)
        self._loss = plan.spec.loss.build(self._context)
        self._plan = plan
        self._scale = plan.info.scale
        self._x: Array = np.zeros((CAPACITY, *plan.info.input_shape), plan.dtype)

    def run(self, inputs: Values, *, predict: bool) -> Array:
        """Return outputs or predictions for any number of examples, as a new array."""
        context = self._context
        shape = context.plan.prediction if predict else context.output_shape
        results: Array = np.empty((len(inputs), *shape), context.dtype)
        dtype = inputs.dtype
        fit = dtype.kind != "f" and always_fit(dtype, context.dtype, self._scale)
        if self._plan.info.has_missing:
            check_numbers(self._plan, inputs, "inputs")
            fit = True
        # Whoever reads the results sees an overflow there.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for start in range(0, len(inputs), CAPACITY):
                batch = self._scaled(inputs[start : start + CAPACITY])
                result = results[start : start + CAPACITY]
                # The sum of squares is finite if all are, but for very large ones.
                if not (fit or math.isfinite(np.vdot(batch, batch))):
                    check_numbers(self._plan, inputs, "inputs")
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


class PredictorOfThread(threading.local):
    """The predictor of the current thread."""

    predictor: Predictor | None = None
