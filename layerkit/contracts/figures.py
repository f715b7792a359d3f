"""The figures that an epoch reports, for components that watch one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layerkit.contracts.events import EpochEnded
from layerkit.errors import ShapeError
from layerkit.problems import did_you_mean


def check_reported(figure: str, figures: Mapping[str, bool], key: str = "monitor") -> None:
    """Check that a figure is reported on the validation examples.

    Parameters
    ----------
    figure
        The name of the figure, as a spec gives it.
    figures
        What is reported.
    key
        The key of the spec that names the figure.

    Raises
    ------
    ShapeError
        If it is not.
    """
    if figure not in figures:
        reason = f"expected one of {', '.join(figures)}; found '{figure}'"
        raise ShapeError(reason, (key,), did_you_mean(figure, figures))


@dataclass(frozen=True, slots=True)
class BestEpoch:
    """The epoch that a validation figure says is the best of a run.

    Attributes
    ----------
    epoch
        Its number, from 1.
    monitor
        The figure that says so.
    restored
        Whether the network ends with the parameters of that epoch rather than of the last.
    validation
        Its ``loss`` and every metric on the validation examples.
    """

    epoch: int
    monitor: str
    restored: bool
    validation: Mapping[str, float]


def best_epoch(
    history: Sequence[EpochEnded],
    monitor: str,
    *,
    higher_is_better: bool,
    min_delta: float = 0.0,
    restored: bool = False,
) -> BestEpoch | None:
    """Return the best epoch by a validation figure, the first of equals; None without any.

    Parameters
    ----------
    history
        Every epoch, in order.
    monitor
        The figure. An epoch that does not report it, or reports nan, is never the best.
    higher_is_better
        Whether the figure should be high.
    min_delta
        What a figure must be better by than the best so far.
    restored
        Whether the network ends with the parameters of that epoch.
    """
    sign = 1.0 if higher_is_better else -1.0
    best: EpochEnded | None = None
    highest = float("-inf")
    for event in history:
        figure = sign * event.validation.get(monitor, float("nan"))
        if figure > highest + min_delta:
            best, highest = event, figure
    return None if best is None else BestEpoch(best.epoch, monitor, restored, best.validation)
