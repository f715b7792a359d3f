"""Training that diverges: found where the first number is not finite, and said where that is."""

from __future__ import annotations

import math
from collections.abc import Mapping

from layerkit.arrays import all_finite
from layerkit.contracts.schedule import Schedule, ScheduleConfig
from layerkit.engine.network import Network
from layerkit.errors import DivergedError
from layerkit.guard import fault, number

_ADVICE = "lower optimizer.learning_rate"


def learning_rate_of(schedule: Schedule[ScheduleConfig], step: int) -> float:
    """Return the learning rate of a step, counted from 0.

    Raises
    ------
    PluginError
        If the schedule returns no finite number from 0.
    """
    rate = schedule(step)
    if type(rate) is not float:
        rate = number(schedule, "the learning rate of a step to be", rate)
    if not 0 <= rate < math.inf:
        reason = f"expected a finite learning rate from 0, found {rate} at step {step + 1}"
        raise fault(schedule, reason)
    return rate


def diverged(
    network: Network, loss: float, step: int, epoch: int, learning_rate: float
) -> DivergedError:
    """Return the error for the loss of a step, penalties included, that is no finite number."""
    return DivergedError(
        f"training diverged: the loss is {loss} at step {step} (epoch {epoch}), at a learning rate "
        f"of {learning_rate:g}{_where(network)}; {_ADVICE}"
    )


def check_parameters(network: Network, step: int, epoch: int) -> None:
    """Check the parameters and the layers' state at the end of an epoch.

    Raises
    ------
    DivergedError
        If any is no finite number: the last update may be what made it so.
    """
    storage = network.storage
    if all_finite((storage.vector.value, storage.state_vector)):
        return
    raise DivergedError(
        f"training diverged: after step {step} (epoch {epoch}) parameters are not finite"
        f"{_where(network)}; {_ADVICE}"
    )


def check_figures(figures: Mapping[str, float], what: str, after: str) -> None:
    """Check the figures of an evaluation.

    Parameters
    ----------
    figures
        By name.
    what
        ``"validation"`` or ``"test"``.
    after
        When, such as ``"after step 10 (epoch 2)"``.

    Raises
    ------
    DivergedError
        If any is no finite number.
    """
    for name, value in figures.items():
        if not math.isfinite(value):
            raise DivergedError(
                f"training diverged: the {what} {name} is {value} {after}; {_ADVICE}"
            )


def _where(network: Network) -> str:
    """Return which parameter or state is not finite, the first of the network."""
    for path, array in network.arrays.items():
        if not all_finite([array]):
            return f"; {path} has numbers that are not finite"
    return ""
