"""Variants do the same work as what they stand in for, only otherwise."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.variants.table import AGAIN, VARIANTS
from layerkit import ModelSpec, parse_spec, train
from layerkit.arrays import Array
from layerkit.engine import update

SPEC = """
layers = ["dropout", {type = "dense", units = 5}, "tanh", {type = "dense", units = 3}]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 40, test_per_class = 10}
regularizers = [{type = "l2", strength = 0.01}]
optimizer = {type = "sgd", learning_rate = 0.1, momentum = 0.9}
training = {epochs = 2, batch_size = 16}
"""


def trained(spec: ModelSpec) -> list[Array]:
    return [values.copy() for values in train(spec).network.parameters.values()]


@pytest.mark.parametrize(
    "name",
    [
        AGAIN,
        "penalties and optimizer over whole vectors",
        "optimizer that allocates",
    ],
)
def test_training_ends_in_the_same_parameters(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(update, "BLOCK", 16)  # and put back what a variant puts in its place
    spec = parse_spec(SPEC)
    variant = next(each for each in VARIANTS if each.name == name)
    for ours, theirs in zip(trained(spec), trained(variant.change(spec)), strict=True):
        np.testing.assert_allclose(theirs, ours, rtol=1e-6)


@pytest.mark.parametrize(
    "name",
    [
        "first input gradient computed",
        "weights as (units, features)",
        "masks from random floats",
        "masks from the generator's own bytes",
    ],
)
def test_training_with_other_layers_learns_as_well(name: str) -> None:
    variant = next(each for each in VARIANTS if each.name == name)
    history = train(variant.change(parse_spec(SPEC))).history
    assert history[-1].train["loss"] < history[0].train["loss"]


def test_names_are_unique() -> None:
    names = [variant.name for variant in VARIANTS]
    assert len(names) == len(set(names))
