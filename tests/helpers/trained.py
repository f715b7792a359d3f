"""Small runs on tables and on arrays, and files to predict from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from layerkit.arrays import Array
from layerkit.engine.network import Network
from layerkit.runs.run import run
from layerkit.spec.models import ModelSpec
from tests.helpers.specs import small_spec

FLOWERS = """
seed = 1
metrics = ["f1"]
layers = ["standardize", {type = "dense", units = 8}, "tanh", {type = "dense", units = 3}]
loss = "softmax_cross_entropy"
optimizer = {type = "adam", learning_rate = 0.05}
training = {epochs = 20, batch_size = 16}

[data]
type = "csv"
path = "flowers.csv"
target = "species"
classes = ["setosa", "versicolor", "virginica"]
validation = 0.2

[data.columns]
length = "number"
width = "number"
site = {type = "category", categories = ["north", "south"]}
"""
SPECIES = ("setosa", "versicolor", "virginica")


def flowers(rows: int = 90, seed: int = 0) -> list[Mapping[str, object]]:
    """Return records whose length tells the species."""
    rng = np.random.default_rng(seed)
    kinds: list[int] = rng.integers(0, 3, rows).tolist()
    return [
        {
            "id": f"f{row}",
            "species": SPECIES[kind],
            "width": round(float(rng.normal()), 3),
            "site": ("north", "south")[row % 2],
            "length": round(float(rng.normal(6 * kind)), 3),
        }
        for row, kind in enumerate(kinds)
    ]


def csv_text(
    records: list[Mapping[str, object]], separator: str = ",", names: list[str] | None = None
) -> str:
    names = [*records[0]] if names is None else names
    lines = [separator.join(str(record[name]) for name in names) for record in records]
    return "\n".join([separator.join(names), *lines, ""])


def flowers_spec(directory: Path, *overrides: str) -> ModelSpec:
    """Write a table to train on, and return a spec that does."""
    path = directory / "flowers.csv"
    path.write_text(csv_text(flowers()))
    return small_spec(f"data.path='{path}'", *overrides, text=FLOWERS)


def flowers_run(directory: Path, *overrides: str) -> Network:
    """Train on a table, into the directory ``run``."""
    return run(flowers_spec(directory, *overrides), directory / "run").network


POINTS = """
seed = 1
layers = [{type = "dense", units = 4}, "tanh", {type = "dense", units = 2}]
loss = "mean_squared_error"
optimizer = {type = "adam", learning_rate = 0.05}
training = {epochs = 2, batch_size = 16}
"""


def points(rows: int = 40, seed: int = 0) -> tuple[Array, Array]:
    """Return inputs ``(n, 3)`` and targets ``(n, 2)``."""
    x: Array = np.random.default_rng(seed).normal(size=(rows, 3)).astype(np.float32)
    return x, x[:, :2] * 2 + 1


def points_run(directory: Path, *overrides: str) -> Network:
    """Train on arrays in memory, into the directory ``run``."""
    spec = small_spec(*overrides, text=POINTS)
    return run(spec, directory / "run", data=points()).network
