"""A small spec that tests change here and there."""

from __future__ import annotations

from pathlib import Path

from layerkit.spec.loading import parse_document, validate
from layerkit.spec.models import ModelSpec
from layerkit.spec.plan import SpecPlan, plan_spec

SPEC = """
seed = 1
layers = [{type = "dense", units = 8}, "tanh", "dropout", {type = "dense", units = 3}]
metrics = ["accuracy"]
regularizers = [{type = "l2", strength = 1e-3}, {type = "l1", strength = 1e-4}]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 50, test_per_class = 20, validation = 30}
optimizer = {type = "sgd", learning_rate = 0.1, momentum = 0.9}
training = {epochs = 3, batch_size = 16}
"""


def small_spec(*overrides: str) -> ModelSpec:
    return validate(parse_document(SPEC, "toml", "small", Path()), overrides)


def small_plan(*overrides: str) -> SpecPlan:
    return plan_spec(small_spec(*overrides))
