from __future__ import annotations

from dataclasses import replace

from layerkit.cli.epoch_table import Columns, epoch_line
from layerkit.contracts.events import EpochEnded

EVENT = EpochEnded(
    epoch=3,
    step=90,
    learning_rate=0.05,
    train={"loss": 0.25, "penalty": 0.01},
    validation={"loss": 0.5, "accuracy": 0.875},
    seconds=2.5,
    examples_per_second=1000.0,
)


def test_a_sentence_says_everything_by_itself() -> None:
    assert epoch_line(EVENT, 25) == (
        "epoch 3/25: train loss 0.2500, validation loss 0.5000, validation accuracy 87.50 %, "
        "learning rate 0.05, 2.5 s"
    )


def test_rows_stand_below_their_headings() -> None:
    columns = Columns.fitting(EVENT, 25, 100)
    assert columns.heading() == (
        "epoch  train loss  val. loss  val. accuracy       rate       time"
    )
    assert columns.row(EVENT) == (
        " 3/25      0.2500     0.5000        87.50 %       0.05      2.5 s"
    )


def test_columns_that_do_not_fit_are_left_out() -> None:
    for width in range(5, 100):
        columns = Columns.fitting(EVENT, 25, width)
        assert len(columns.heading()) == len(columns.row(EVENT)) <= width


def test_the_first_validation_metric_is_the_last_to_go_but_for_the_epoch() -> None:
    shown = {width: Columns.fitting(EVENT, 25, width).heading() for width in range(5, 70)}
    assert shown[60] == "epoch  train loss  val. loss  val. accuracy       rate"
    assert shown[43] == "epoch  train loss  val. loss  val. accuracy"
    assert shown[40] == shown[42] == "epoch  train loss  val. accuracy"
    assert shown[20] == shown[31] == "epoch  val. accuracy"
    assert shown[5] == shown[19] == "epoch"


def test_without_metrics_the_losses_are_the_last_to_go() -> None:
    plain = replace(EVENT, validation={"loss": 0.5})
    assert Columns.fitting(plain, 25, 30).heading() == "epoch  train loss  val. loss"
    assert Columns.fitting(plain, 25, 20).heading() == "epoch  train loss"
