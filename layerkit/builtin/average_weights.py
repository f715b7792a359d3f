"""Averages of the parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge, Gt, Lt

from layerkit.plugin import (
    Array,
    CallbackConfig,
    ConfiguredCallback,
    EpochStarted,
    Run,
    State,
    StepEnded,
    TrainingEnded,
    TrainingStarted,
    ValidationStarted,
)


class AverageWeightsConfig(CallbackConfig):
    """Averages of the parameters: ``a = decay * a + (1 - decay) * w``, or all with equal weights.

    The average begins as the parameters after the first step of ``start_epoch``, and follows every
    step after it; with ``every = "epoch"``, the last step of every epoch alone. With ``equal`` it
    is their mean, ``a += (w - a) / n`` for the ``n``-th. So ``equal = true`` and
    ``every = "epoch"`` are stochastic weight averaging (SWA).

    Validation, test and other callbacks between two epochs use the averages; training goes on with
    the parameters themselves, and ends with the averages.

    Running statistics, such as those of batch normalization, belong to the parameters that they
    were computed with. So they are computed again for the averages, at the end of every epoch,
    which costs a forward pass over the training examples in networks that have any.

    Early stopping compares the averages, and restores those of the best epoch, if it comes after
    this callback in the spec, as ``training.early_stopping`` always does.

    PyTorch's ``AveragedModel``, which has equal weights by default, and Keras' ``ema_momentum``
    leave statistics, and when to exchange the two, to the user.

    Attributes
    ----------
    decay
        From 0 to below 1: the nearer to 1, the longer a step counts, about ``1 / (1 - decay)``
        steps. Without a meaning if ``equal``.
    equal
        Whether all parameters since ``start_epoch`` count alike.
    every
        ``"step"`` or ``"epoch"``: after which the average follows.
    start_epoch
        The first epoch that counts, from 1; before it validation uses the parameters themselves.

    References
    ----------
    Polyak, Juditsky (1992), Acceleration of stochastic approximation by averaging.
    Izmailov, Podoprikhin, Garipov, Vetrov, Wilson (2018), Averaging weights leads to wider optima
    and better generalization.
    """

    changes_parameters: ClassVar[bool] = True

    type: Literal["average_weights"] = "average_weights"
    decay: Annotated[float, Ge(0), Lt(1)] = 0.999
    equal: bool = False
    every: Literal["step", "epoch"] = "step"
    start_epoch: Annotated[int, Gt(0)] = 1

    def copies(self) -> int:
        """Return the one of the averages."""
        return 1


@dataclass
class _Averages(State):
    """What the network does not hold at the moment, the averages or the parameters themselves.

    Attributes
    ----------
    has_begun
        Whether there are averages yet.
    are_in_network
        Whether the network holds the averages, and ``held`` the parameters and layers' state.
    held
        By path.
    averaged
        How many parameters are in the averages.
    """

    has_begun: bool = False
    are_in_network: bool = False
    held: dict[str, Array] = field(default_factory=dict[str, Array])
    averaged: int = 0


@final
class AverageWeights(ConfiguredCallback[AverageWeightsConfig]):
    """See `AverageWeightsConfig`."""

    def __init__(self, config: AverageWeightsConfig) -> None:
        super().__init__(config)
        self._averages = _Averages()
        self._run: Run | None = None
        self._parameters: dict[str, Array] = {}
        self._layer_state: dict[str, Array] = {}
        self._scratch: dict[str, Array] = {}

    def state(self) -> State:
        """Return what the network does not hold."""
        return self._averages

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        """Keep the run, and allocate memory."""
        self._run = run
        own = {*run.arrays} & {*run.parameters}  # shared parameters once
        self._parameters = {path: array for path, array in run.arrays.items() if path in own}
        self._layer_state = {path: array for path, array in run.arrays.items() if path not in own}
        self._averages = _Averages(held={path: each.copy() for path, each in run.arrays.items()})
        size = max((array.size for array in self._parameters.values()), default=0)
        scratch = np.zeros(size, next(iter(self._parameters.values())).dtype if size else None)
        self._scratch = {
            path: scratch[: array.size].reshape(array.shape)
            for path, array in self._parameters.items()
        }

    def epoch_started(self, event: EpochStarted) -> None:
        """Copy the parameters that training goes on with back into the network."""
        if self._averages.are_in_network:
            self._exchange_parameters()
            for path, array in self._layer_state.items():
                np.copyto(array, self._averages.held[path])
            self._averages.are_in_network = False

    def step_ended(self, event: StepEnded) -> None:
        """Let the averages follow the parameters."""
        if self.config.every == "step":
            self._follow(event.epoch)

    def _follow(self, epoch: int) -> None:
        averages, decay = self._averages, self.config.decay
        if epoch < self.config.start_epoch:
            return
        averages.averaged += 1
        if self.config.equal:
            decay = 1 - 1 / averages.averaged
        for path, array in self._parameters.items():
            average, scratch = averages.held[path], self._scratch[path]
            if averages.has_begun:
                np.multiply(array, 1 - decay, out=scratch)
                np.multiply(average, decay, out=average)
                np.add(average, scratch, out=average)
            else:
                np.copyto(average, array)
        averages.has_begun = True

    def validation_started(self, event: ValidationStarted) -> None:
        """Copy the averages into the network."""
        if self.config.every == "epoch":
            self._follow(event.epoch)
        self._show()

    def training_ended(self, event: TrainingEnded) -> None:
        """Leave the network with the averages."""
        self._show()

    def _show(self) -> None:
        averages = self._averages
        if self._run is None or not averages.has_begun or averages.are_in_network:
            return
        for path, array in self._layer_state.items():
            np.copyto(averages.held[path], array)
        self._exchange_parameters()
        averages.are_in_network = True
        self._run.recalibrate()

    def _exchange_parameters(self) -> None:
        for path, array in self._parameters.items():
            held, scratch = self._averages.held[path], self._scratch[path]
            np.copyto(scratch, array)
            np.copyto(array, held)
            np.copyto(held, scratch)
