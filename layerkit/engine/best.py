"""The best epoch of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from layerkit.contracts.callback import Callback, CallbackConfig
from layerkit.contracts.events import EpochEnded
from layerkit.contracts.figures import BestEpoch, best_epoch
from layerkit.guard import fault, shown
from layerkit.plan.network import NetworkPlan


def best_of(
    history: Sequence[EpochEnded], plan: NetworkPlan, callbacks: Iterable[Callback]
) -> BestEpoch | None:
    """Return the epoch that a callback found best, or the one of the lowest validation loss.

    None without validation examples.
    """
    given: list[object] = [getattr(each, "config", None) for each in callbacks]
    for config in (*plan.callbacks, *given):
        if not isinstance(config, CallbackConfig):
            continue  # of a callback for Python alone
        found: object = config.best(history, plan.figures)
        if isinstance(found, BestEpoch):
            return found
        if found is not None:
            raise fault(
                config, f"expected 'best' to return a BestEpoch or None, found {shown(found)}"
            )
    return best_epoch(history, "loss", higher_is_better=False)
