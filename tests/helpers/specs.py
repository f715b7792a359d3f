"""Small specs for tests to change, and the errors of changed ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.plan.network import NetworkPlan, plan_network
from layerkit.registry import Registry
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.loading import parse_document, validate
from layerkit.spec.models import ModelSpec

SPEC = """
seed = 1
metrics = ["accuracy"]
layers = [{type = "dense", units = 8}, "tanh", "dropout", {type = "dense", units = 3}]
regularizers = [{type = "l2", strength = 1e-3}, {type = "l1", strength = 1e-4}]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 50, test_per_class = 20, validation = 30}
optimizer = {type = "sgd", learning_rate = 0.1, momentum = 0.9}
training = {epochs = 3, batch_size = 16}
"""


TINY = """
seed = 1
silence = ["LK110"]
metrics = ["accuracy"]
layers = [{type = "dense", units = 8}, "tanh", {type = "dense", units = 3}]
loss = "softmax_cross_entropy"
data = {type = "spirals", train_per_class = 40, test_per_class = 20, validation = 30}
optimizer = {type = "sgd", learning_rate = 0.1, momentum = 0.9}
training = {epochs = 3, batch_size = 16}
"""
"""For the command line: nothing in it is random but the initial parameters."""


def small_spec(*overrides: str, text: str = SPEC, registry: Registry | None = None) -> ModelSpec:
    return validate(parse_document(text, "toml", "spec.toml", Path()), overrides, registry)


def small_plan(*overrides: str) -> NetworkPlan:
    return plan_network(small_spec(*overrides))


def problems(*overrides: str, text: str = SPEC, registry: Registry | None = None) -> list[str]:
    """Return what is said about a spec that is not valid, or cannot be planned."""
    with pytest.raises(SpecError) as caught:
        plan_network(small_spec(*overrides, text=text, registry=registry))
    assert caught.value.exit_code == 2
    return [str(problem) for problem in caught.value.problems]


def write_spec(directory: Path, text: str = TINY) -> Path:
    path = directory / "tiny.toml"
    path.write_text(text)
    return path


PLAIN = """
seed = 1
metrics = ["accuracy"]
layers = [{type = "dense", units = 8}, "tanh", {type = "dense", units = 3}]
loss = "softmax_cross_entropy"
data = {type = "spirals", train_per_class = 40, test_per_class = 20, validation = 100}
optimizer = {type = "sgd", learning_rate = 0.1, momentum = 0.9}
training = {epochs = 3, batch_size = 16}
"""
"""Good and without warnings, in lines that tests count."""
