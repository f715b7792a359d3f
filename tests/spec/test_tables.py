from __future__ import annotations

from inspect import get_annotations

import pytest

from layerkit.spec import models, tables
from layerkit.strict_model import StrictModel


@pytest.mark.parametrize(
    ("table", "model"),
    [
        (tables.EarlyStoppingTable, models.EarlyStopping),
        (tables.TrainingTable, models.Training),
        (tables.CheckpointsTable, models.Checkpoints),
    ],
    ids=lambda each: str(each)[-30:],
)
def test_a_table_has_the_keys_of_its_section(table: type[object], model: type[StrictModel]) -> None:
    assert [*get_annotations(table)] == [*model.model_fields]
