"""Norms of gradients."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Array,
    CallbackConfig,
    ConfiguredCallback,
    EpochEnded,
    GradientReady,
    Run,
    RunLog,
    State,
    TrainingStarted,
)


class GradientNormsConfig(CallbackConfig):
    """Keep the Euclidean norm of every layer's gradient, its mean over the steps of every epoch.

    A norm that falls layer by layer towards the input is a sign of vanishing gradients, one that
    grows of exploding ones. The gradient is the one that the optimizer gets: penalties and gradient
    transforms, such as clipping, included.

    The means are in ``gradient_norms.jsonl`` in the run directory, one line an epoch:
    ``{"epoch": 1, "norms": {"dense_1": 0.25}}``. From Python they are `GradientNorms.means`.

    References
    ----------
    Glorot, Bengio (2010), Understanding the difficulty of training deep feedforward neural
    networks.
    """

    type: Literal["gradient_norms"] = "gradient_norms"


@dataclass
class _Norms(State):
    """Sums of norms over the steps of the epoch under way, and the means of epochs that ended.

    Attributes
    ----------
    log
        What of the file is written.
    steps
        How many.
    sums
        ``(layers,)``.
    means
        A line for every epoch, with a number for every layer: a run that is resumed for more epochs
        has more.
    """

    log: State
    steps: int = 0
    sums: Array = field(default_factory=lambda: np.zeros(0))
    means: str = ""


@final
class GradientNorms(ConfiguredCallback[GradientNormsConfig]):
    """See `GradientNormsConfig`."""

    def __init__(self, config: GradientNormsConfig) -> None:
        super().__init__(config)
        self._log = RunLog("gradient_norms.jsonl")
        self._norms = _Norms(self._log.state)
        self._layers: dict[str, list[Array]] = {}

    @property
    def means(self) -> Sequence[Mapping[str, float]]:
        """For every epoch that ended, the mean norm by layer."""
        rows = [line.split() for line in self._norms.means.splitlines()]
        return [dict(zip(self._layers, map(float, row), strict=True)) for row in rows]

    def state(self) -> State:
        """Return sums and means, and what of the file is written."""
        return self._norms

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Begin the file, and group the gradients by layer."""
        self._log.start(run.directory)
        self._layers = {}
        for path, gradient in run.gradients.items():
            if path in run.arrays:  # the gradient of a shared parameter has those that share it
                self._layers.setdefault(path.rpartition(".")[0], []).append(gradient.reshape(-1))
        self._norms = _Norms(self._log.state, sums=np.zeros(len(self._layers)))

    def gradient_ready(self, event: GradientReady) -> None:
        """Add the norm of every layer's gradient."""
        norms = self._norms
        for index, gradients in enumerate(self._layers.values()):
            norms.sums[index] += math.sqrt(sum(float(np.dot(each, each)) for each in gradients))
        norms.steps += 1

    def epoch_ended(self, event: EpochEnded) -> None:
        """Write down the means of the epoch."""
        norms = self._norms
        means: list[float] = (norms.sums / max(norms.steps, 1)).tolist()
        norms.means += f"{' '.join(map(repr, means))}\n"
        norms.sums.fill(0)
        norms.steps = 0
        shown = dict(zip(self._layers, map(_as_json, means), strict=True))
        self._log.add(json.dumps({"epoch": event.epoch, "norms": shown}, allow_nan=False))
        self._log.write()


def _as_json(norm: float) -> float | None:
    return norm if math.isfinite(norm) else None
