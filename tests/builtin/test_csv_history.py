from __future__ import annotations

import csv
from pathlib import Path

from layerkit.engine.training import train
from layerkit.runs.run import run as run_spec
from layerkit.testing import check_callback
from tests.helpers.specs import small_spec

COLUMNS = ["epoch", "step", "learning_rate", "seconds", "train_loss", "train_penalty"]


def rows(directory: Path) -> list[list[str]]:
    with (directory / "history.csv").open(newline="") as file:
        return [*csv.reader(file)]


def test_it_keeps_the_contract_of_callbacks() -> None:
    check_callback("csv_history")


def test_every_epoch_has_a_row_with_the_figures_of_the_history(tmp_path: Path) -> None:
    spec = small_spec("callbacks=['csv_history']")
    run_spec(spec, tmp_path / "run")
    history = train(spec).history
    head, *found = rows(tmp_path / "run")
    assert head == [*COLUMNS, "validation_loss", "validation_accuracy"]
    assert len(found) == len(history) == 3
    for row, epoch in zip(found, history, strict=True):
        values = dict(zip(head, map(float, row), strict=True))
        assert values["epoch"] == epoch.epoch
        assert values["step"] == epoch.step
        assert values["train_loss"] == epoch.train["loss"]
        assert values["validation_accuracy"] == epoch.validation["accuracy"]


def test_without_validation_there_are_no_such_columns(tmp_path: Path) -> None:
    run_spec(small_spec("callbacks=['csv_history']", "data.validation=0"), tmp_path / "run")
    assert rows(tmp_path / "run")[0] == COLUMNS


def test_names_with_commas_are_quoted(tmp_path: Path) -> None:
    spec = small_spec("callbacks=['csv_history']", "metrics=[{type='f1', average='per_class'}]")
    run_spec(spec, tmp_path / "run")
    found = rows(tmp_path / "run")
    assert len({len(row) for row in found}) == 1
    assert len(found[0]) > len(COLUMNS) + 2
