"""Training that diverges: found where the first number is not finite, and said where that is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from layerkit.arrays import Array, all_finite
from layerkit.contracts.schedule import Schedule, ScheduleConfig
from layerkit.engine.batches import BatchLoader, in_batches
from layerkit.engine.chains import CAPACITY, build_chain
from layerkit.engine.data import Part
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
    network: Network, inputs: Array, loss: float, step: int, epoch: int, learning_rate: float
) -> DivergedError:
    """Return the error for the loss of a step, penalties included, that is no finite number.

    Parameters
    ----------
    network, inputs
        What was trained, and the inputs of the step.
    loss, step, epoch, learning_rate
        Of the step.
    """
    return DivergedError(
        f"training diverged: the loss is {loss} at step {step} (epoch {epoch}), at a learning rate "
        f"of {learning_rate:g}{_where(network, [inputs])}; {_ADVICE}"
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


def check_figures(
    figures: Mapping[str, float], what: str, after: str, network: Network, part: Part
) -> None:
    """Check the figures of an evaluation.

    Parameters
    ----------
    figures
        By name.
    what
        ``"validation"`` or ``"test"``.
    after
        When, such as ``"after step 10 (epoch 2)"``.
    network, part
        What was evaluated, and on what.

    Raises
    ------
    DivergedError
        If any is no finite number.
    """
    for name, value in figures.items():
        if not math.isfinite(value):
            where = _where(network, _inputs(network, part))
            raise DivergedError(
                f"training diverged: the {what} {name} is {value} {after}{where}; {_ADVICE}"
            )


def _where(network: Network, batches: Iterable[Array] = ()) -> str:
    """Return what is not finite first: a parameter, or with the given inputs a layer's output."""
    paths = [path for path, _ in network.plan.chain.all_params()]
    arrays = {path: network.storage.params[path].value for path in paths}
    arrays |= network.storage.state
    wrong = [path for path, array in arrays.items() if not all_finite([array])]
    if wrong:
        # Gradients come from the loss: what is nearest to it was the first.
        parameters = [path for path in wrong if path in paths]
        named = (parameters or wrong)[-1]
        more = len(wrong) - 1
        others = (
            "" if more == 0 else ", as has another" if more == 1 else f", as have {more} others"
        )
        return f"; {named} has numbers that are not finite{others}"
    for inputs in batches:
        name = _first_output(network, inputs)
        if name:
            return f"; the output of {name} is the first that is not finite"
    return ""


def _first_output(network: Network, x: Array) -> str:
    """Return the first layer whose output is not finite, empty if there is none."""
    chain = build_chain(network.plan, network.storage, len(x))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for planned, layer in zip(network.plan.layers, chain.layers, strict=True):
            x = layer.forward(x, training=False)
            if not all_finite([x]):
                return planned.name
    return ""


def _inputs(network: Network, part: Part) -> Iterator[Array]:
    plan = network.plan
    loader = BatchLoader(part.examples, CAPACITY, plan.dtype, plan.info.scale)
    for rows in in_batches(part.rows, CAPACITY):
        yield loader.load(rows).inputs
