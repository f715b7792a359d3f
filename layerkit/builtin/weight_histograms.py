"""How the values of parameters are distributed, epoch by epoch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import (
    Array,
    CallbackConfig,
    ConfiguredCallback,
    EpochEnded,
    Run,
    RunLog,
    State,
    TrainingStarted,
)


class WeightHistogramsConfig(CallbackConfig):
    """Write a histogram of every parameter to ``weight_histograms.jsonl``, an epoch a line.

    The file is in the run directory. A line is
    ``{"epoch": 1, "parameters": {"dense_1.weight": {"low": -1, "high": 1, "counts": [3, 9]}}}``:
    how many values lie in each of ``bins`` equal parts of the range from the lowest value to the
    highest; the upper end belongs to the last part. PyTorch users know these from TensorBoard's
    ``add_histogram``, Keras users from ``TensorBoard(histogram_freq=1)``.

    Attributes
    ----------
    bins
        Parts of the range, at least 1.
    every
        Write every so many epochs, at least 1.

    References
    ----------
    Abadi et al. (2016), TensorFlow: large-scale machine learning on heterogeneous distributed
    systems, section 9.1, on TensorBoard.
    """

    type: Literal["weight_histograms"] = "weight_histograms"
    bins: Annotated[int, Gt(0)] = 30
    every: Annotated[int, Gt(0)] = 1


@final
class WeightHistograms(ConfiguredCallback[WeightHistogramsConfig]):
    """See `WeightHistogramsConfig`."""

    def __init__(self, config: WeightHistogramsConfig) -> None:
        super().__init__(config)
        self._log = RunLog("weight_histograms.jsonl")
        self._parameters: Mapping[str, Array] = {}

    def state(self) -> State:
        """Return what of the file is written."""
        return self._log.state

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Begin the file, and keep the parameters to look at."""
        self._log.start(run.directory)
        self._parameters = run.parameters

    def epoch_ended(self, event: EpochEnded) -> None:
        """Write the line of the epoch."""
        if event.epoch % self.config.every == 0:
            histograms = {path: self._histogram(each) for path, each in self._parameters.items()}
            line = {"epoch": event.epoch, "parameters": histograms}
            self._log.add(json.dumps(line, allow_nan=False))
            self._log.write()

    def _histogram(self, values: Array) -> dict[str, object]:
        low, high = float(values.min()), float(values.max())
        counts, _ = np.histogram(values, self.config.bins, (low, high))
        return {"low": low, "high": high, "counts": counts.tolist()}
