from __future__ import annotations

import pytest

from layerkit.builtin.early_stopping import EarlyStopping, EarlyStoppingConfig
from layerkit.contracts.figures import BestEpoch
from layerkit.engine.best import best_of
from layerkit.engine.training import train
from layerkit.errors import PluginError
from tests.helpers.runs import epoch_ended
from tests.helpers.specs import small_plan, small_spec

HISTORY = [
    epoch_ended(1, loss=0.9, accuracy=0.5),
    epoch_ended(2, loss=0.4, accuracy=0.6),
    epoch_ended(3, loss=0.5, accuracy=0.8),
]


def test_without_early_stopping_the_lowest_validation_loss_is_the_best() -> None:
    best = best_of(HISTORY, small_plan(), [])
    assert best == BestEpoch(2, "loss", False, {"loss": 0.4, "accuracy": 0.6})


@pytest.mark.parametrize("restored", [False, True])
def test_early_stopping_says_which_epoch_is_the_best(*, restored: bool) -> None:
    found = BestEpoch(3, "accuracy", restored, {"loss": 0.5, "accuracy": 0.8})
    table = f'{{monitor = "accuracy", restore_best = {str(restored).lower()}}}'
    assert best_of(HISTORY, small_plan(f"training.early_stopping={table}"), []) == found
    config = EarlyStoppingConfig(monitor="accuracy", restore_best=restored)
    assert best_of(HISTORY, small_plan(), [EarlyStopping(config)]) == found


def test_the_result_has_the_best_epoch_and_the_network_its_weights() -> None:
    stopping = "training.early_stopping={patience = 2, min_delta = 0.02}"
    result = train(small_spec("training.epochs=12", "optimizer.learning_rate=1.0", stopping))
    best = result.best
    assert best is not None
    assert best.epoch < len(result.history)
    assert best.validation == result.history[best.epoch - 1].validation
    until_then = train(small_spec(f"training.epochs={best.epoch}", "optimizer.learning_rate=1.0"))
    for path, array in result.network.arrays.items():
        assert array.tobytes() == until_then.network.arrays[path].tobytes()


def test_without_validation_examples_no_epoch_is_the_best() -> None:
    assert train(small_spec("data.validation=0")).best is None


def test_a_callback_that_returns_something_else_is_at_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def third(*_arguments: object) -> int:
        return 3

    monkeypatch.setattr(EarlyStoppingConfig, "best", third)
    with pytest.raises(PluginError, match=r"'early_stopping'.*expected 'best' to return a BestEpo"):
        best_of(HISTORY, small_plan("training.early_stopping={}"), [])
