from __future__ import annotations

import pytest

from layerkit.builtin.arrays import Arrays, ArraysConfig
from layerkit.errors import ShapeError
from layerkit.plan.network import plan_network
from layerkit.spec.diagnostics import SpecError
from tests.helpers.specs import problems, small_spec

SAID = (
    "data: expected a dataset, or arrays from Python (write a [data] section, or call "
    "lk.train(spec, data=(inputs, targets)))"
)


def test_a_spec_without_data_can_be_written_but_not_planned() -> None:
    spec = small_spec().model_copy(update={"data": ArraysConfig()})
    with pytest.raises(SpecError) as caught:
        plan_network(spec)
    assert [str(each) for each in caught.value.problems] == [SAID]


def test_other_problems_are_told_too() -> None:
    text = """
    layers = [{type = "dense", units = 1}]
    loss = "mean_squared_error"
    metrics = ["accuracy", "accuracy"]
    """
    assert problems("optimizer=adam", text=text)[0] == SAID
    assert len(problems("optimizer=adam", text=text)) == 2


def test_arrays_cannot_be_loaded_from_nowhere() -> None:
    with pytest.raises(ShapeError, match="expected a dataset, or arrays from Python"):
        Arrays(ArraysConfig()).load()
