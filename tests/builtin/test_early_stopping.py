from __future__ import annotations

import math

import numpy as np
import pytest

from layerkit.builtin.early_stopping import EarlyStopping, EarlyStoppingConfig
from layerkit.contracts.events import TrainingEnded
from layerkit.engine.data import load_data
from layerkit.engine.network import Network
from layerkit.engine.trainer import Trainer
from layerkit.errors import ShapeError
from layerkit.testing import check_callback
from tests.helpers.runs import STARTED, StillRun, epoch_ended
from tests.helpers.specs import problems, small_plan


def started(config: EarlyStoppingConfig) -> tuple[EarlyStopping, StillRun]:
    stopping, run = EarlyStopping(config), StillRun()
    stopping.training_started(STARTED, run)
    return stopping, run


def stops_after(figures: list[float], config: EarlyStoppingConfig) -> int | None:
    stopping, run = started(config)
    for epoch, figure in enumerate(figures, 1):
        stopping.epoch_ended(epoch_ended(epoch, **{config.monitor: figure}))
        if run.reasons:
            return epoch
    return None


def ends_with(figures: list[float], config: EarlyStoppingConfig) -> float:
    """Return the number that fills the parameters in the end, after epochs with 1, 2, 3 ..."""
    stopping, run = started(config)
    for epoch, figure in enumerate(figures, 1):
        for array in run.arrays.values():
            array.fill(epoch)
        stopping.epoch_ended(epoch_ended(epoch, **{config.monitor: figure}))
    stopping.training_ended(TrainingEnded(len(figures), 4, stopped_early=True))
    values = {float(value) for array in run.arrays.values() for value in array.flat}
    assert len(values) == 1
    return values.pop()


@pytest.mark.parametrize("table", [{}, {"monitor": "accuracy", "patience": 1}, {"min_delta": 0.1}])
def test_it_keeps_the_contract_of_callbacks(table: dict[str, object]) -> None:
    check_callback({"type": "early_stopping", **table})


def test_patience_counts_epochs_without_improvement() -> None:
    assert stops_after([3, 2, 2.5, 2.4, 2.1, 0], EarlyStoppingConfig(patience=3)) == 5


def test_an_improvement_starts_the_count_anew() -> None:
    assert stops_after([3, 3, 2, 2, 1, 1], EarlyStoppingConfig(patience=2)) is None


def test_a_loss_should_fall_and_an_accuracy_rise() -> None:
    rising = [0.1, 0.2, 0.3]
    assert stops_after(rising, EarlyStoppingConfig(monitor="accuracy", patience=1)) is None
    assert stops_after(rising, EarlyStoppingConfig(monitor="loss", patience=1)) == 2


def test_less_than_min_delta_is_no_improvement() -> None:
    assert stops_after([1, 0.95, 0.92], EarlyStoppingConfig(patience=2, min_delta=0.1)) == 3


def test_the_reason_names_figure_and_patience() -> None:
    stopping, run = started(EarlyStoppingConfig(patience=1))
    for epoch in (1, 2):
        stopping.epoch_ended(epoch_ended(epoch, loss=1.0))
    assert run.reasons == ["no better loss for 1 epochs"]


def test_the_best_epochs_numbers_come_back_layers_state_too() -> None:
    assert ends_with([3.0, 1.0, 2.0], EarlyStoppingConfig()) == 2


def test_the_first_of_equal_epochs_is_the_best() -> None:
    assert ends_with([1.0, 1.0, 1.0], EarlyStoppingConfig()) == 1


def test_the_last_epochs_numbers_stay_if_the_spec_says_so() -> None:
    assert ends_with([1.0, 2.0], EarlyStoppingConfig(restore_best=False)) == 2


def test_a_figure_that_is_no_number_is_no_improvement_and_nothing_to_restore() -> None:
    assert stops_after([math.nan, math.nan], EarlyStoppingConfig(patience=2)) == 2
    assert stops_after([1.0, math.nan, math.nan], EarlyStoppingConfig(patience=2)) == 3
    assert ends_with([math.nan, math.nan], EarlyStoppingConfig()) == 2


def test_a_callback_starts_anew_with_every_training() -> None:
    stopping, _ = started(EarlyStoppingConfig(patience=1))
    stopping.epoch_ended(epoch_ended(1, loss=0.0))
    again = StillRun()
    stopping.training_started(STARTED, again)
    stopping.epoch_ended(epoch_ended(1, loss=5.0))
    assert again.reasons == []


def test_planning_refuses_a_figure_that_is_not_reported() -> None:
    assert problems('callbacks=[{type="early_stopping", monitor="acuracy"}]') == [
        "callbacks.0.monitor: expected one of loss, accuracy; found 'acuracy' "
        "(did you mean 'accuracy'?)"
    ]


def test_planning_refuses_it_without_validation_examples() -> None:
    with pytest.raises(ShapeError, match="expects validation examples"):
        EarlyStoppingConfig().check({"loss": False}, validates=False)


def test_the_section_of_training_is_the_same_callback() -> None:
    options = "patience=2, min_delta=0.5"
    ends: list[tuple[int, list[float]]] = []
    for override in (
        f"training.early_stopping={{{options}}}",
        f'callbacks=[{{type="early_stopping", {options}}}]',
    ):
        plan = small_plan("training.epochs=20", override)
        network = Network(plan)
        history = Trainer(network, load_data(plan)).train()
        assert history.stopped_early
        ends.append((len(history.epochs), network.storage.vector.value.tolist()))
    assert ends[0] == ends[1]


def test_arrays_are_copied_into_and_never_replaced() -> None:
    stopping, run = started(EarlyStoppingConfig())
    arrays = {path: id(array) for path, array in run.arrays.items()}
    stopping.epoch_ended(epoch_ended(1, loss=1.0))
    run.parameters["dense_1.weight"].fill(np.nan)
    stopping.training_ended(TrainingEnded(1, 4, stopped_early=False))
    assert {path: id(array) for path, array in run.arrays.items()} == arrays
    assert run.parameters["dense_1.weight"].tolist() == np.ones((2, 3)).tolist()
