from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from layerkit.errors import UsageError
from layerkit.new_spec.starter import DATA, SIZES, TASKS, Starter, Task, starter_text

EVERY = [
    Starter(task, data, size)
    for task in TASKS
    for data in DATA
    for size in SIZES
    if data != "mnist" or task == "classification"
]


@pytest.mark.parametrize("starter", EVERY, ids=lambda s: f"{s.task}-{s.data}-{s.size}")
def test_lines_fit_a_screen_and_every_value_is_where_a_reader_looks(starter: Starter) -> None:
    text = starter_text(starter)
    assert max(map(len, text.splitlines())) <= 100
    table = tomllib.loads(text)
    assert [*table] == ["seed", "metrics", "data", "layers", "loss", "optimizer", "training"]
    assert table["layers"][-1] == {"type": "dense", "units": starter.outputs}
    assert text.count("#") >= 8


def test_a_larger_network_has_more_units() -> None:
    starter = Starter("regression", "synthetic", "small")
    units = [
        sum(
            layer.get("units", 0)
            for layer in tomllib.loads(starter_text(replace(starter, size=size)))["layers"]
        )
        for size in SIZES
    ]
    assert units == sorted(set(units))


@pytest.mark.parametrize("task", TASKS[1:])
def test_mnist_is_for_classification(task: Task) -> None:
    with pytest.raises(UsageError, match=f"expected --task classification, found {task}; --data"):
        starter_text(Starter(task, "mnist", "small"))
