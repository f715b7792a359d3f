from __future__ import annotations

from layerkit.engine.early_stopping import Watch

from layerkit.engine.storage import Storage
from layerkit.spec.models import EarlyStopping
from tests.helpers.specs import small_plan, small_spec


def stops_after(figures: list[float], stopping: EarlyStopping) -> int | None:
    watch = Watch(small_spec(), stopping, Storage.allocate(small_plan()))
    for epoch, figure in enumerate(figures, 1):
        if watch.should_stop({stopping.monitor: figure}):
            return epoch
    return None


def test_patience_counts_epochs_without_improvement() -> None:
    assert stops_after([3, 2, 2.5, 2.4, 2.1, 0], EarlyStopping(patience=3)) == 5


def test_an_improvement_starts_the_count_anew() -> None:
    assert stops_after([3, 3, 2, 2, 1, 1], EarlyStopping(patience=2)) is None


def test_a_loss_should_fall_and_an_accuracy_rise() -> None:
    rising = [0.1, 0.2, 0.3]
    assert stops_after(rising, EarlyStopping(monitor="accuracy", patience=1)) is None
    assert stops_after(rising, EarlyStopping(monitor="loss", patience=1)) == 2


def test_less_than_min_delta_is_no_improvement() -> None:
    assert stops_after([1, 0.95, 0.92], EarlyStopping(patience=2, min_delta=0.1)) == 3


def test_the_best_epochs_numbers_come_back() -> None:
    storage = Storage.allocate(small_plan())
    watch = Watch(small_spec(), EarlyStopping(), storage)
    for figure in (3.0, 1.0, 2.0):
        storage.vector.value.fill(figure)
        watch.should_stop({"loss": figure})
    watch.restore_best()
    assert set(storage.vector.value.tolist()) == {1.0}


def test_the_last_epochs_numbers_stay_if_the_spec_says_so() -> None:
    storage = Storage.allocate(small_plan())
    watch = Watch(small_spec(), EarlyStopping(restore_best=False), storage)
    for figure in (1.0, 2.0):
        storage.vector.value.fill(figure)
        watch.should_stop({"loss": figure})
    watch.restore_best()
    assert set(storage.vector.value.tolist()) == {2.0}
