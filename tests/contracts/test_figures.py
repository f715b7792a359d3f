from __future__ import annotations

import math

from layerkit.contracts.figures import BestEpoch, best_epoch
from tests.helpers.runs import epoch_ended


def number_of_best(*figures: float, higher_is_better: bool = False, min_delta: float = 0.0) -> int:
    history = [epoch_ended(epoch, loss=figure) for epoch, figure in enumerate(figures, 1)]
    best = best_epoch(
        history, "loss", higher_is_better=higher_is_better, min_delta=min_delta, restored=True
    )
    if best is None:
        return 0
    assert best == BestEpoch(best.epoch, "loss", True, {"loss": figures[best.epoch - 1]})
    return best.epoch


def test_the_best_epoch_has_the_lowest_figure_or_the_highest() -> None:
    assert number_of_best(3, 1, 2) == 2
    assert number_of_best(3, 1, 2, higher_is_better=True) == 1
    assert number_of_best(-3, -1, -2, higher_is_better=True) == 2


def test_the_first_of_equals_is_the_best() -> None:
    assert number_of_best(2, 1, 1) == 2


def test_less_than_min_delta_is_not_better() -> None:
    assert number_of_best(1, 0.95, 0.85, min_delta=0.1) == 3
    assert number_of_best(1, 0.95, 0.92, min_delta=0.1) == 1


def test_nan_is_never_the_best() -> None:
    assert number_of_best(math.nan, 2, math.nan) == 2
    assert number_of_best(math.nan) == 0
    assert number_of_best() == 0


def test_without_validation_there_is_no_best_epoch() -> None:
    assert best_epoch([epoch_ended(1)], "loss", higher_is_better=False) is None
