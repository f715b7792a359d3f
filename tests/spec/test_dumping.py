from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from layerkit.component import Config, Kind
from layerkit.contracts.callback import CALLBACKS
from layerkit.contracts.constraint import CONSTRAINTS
from layerkit.contracts.dataset import DATASETS
from layerkit.contracts.gradient_transform import GRADIENT_TRANSFORMS
from layerkit.contracts.initializer import INITIALIZERS
from layerkit.contracts.kinds import KINDS
from layerkit.contracts.layer import LAYERS
from layerkit.contracts.loss import LOSSES
from layerkit.contracts.metric import METRICS
from layerkit.contracts.optimizer import OPTIMIZERS
from layerkit.contracts.regularizer import REGULARIZERS
from layerkit.contracts.schedule import SCHEDULES
from layerkit.registry import installed
from layerkit.spec.dumping import to_toml
from layerkit.spec.loading import load_spec, parse_spec
from layerkit.values import is_list, is_table
from tests.helpers.specs import small_spec

PLACES: dict[str, str] = {
    LAYERS.group: "layers.2",
    LOSSES.group: "loss",
    REGULARIZERS.group: "regularizers.0",
    OPTIMIZERS.group: "optimizer",
    SCHEDULES.group: "optimizer.schedule",
    INITIALIZERS.group: "layers.0.weight_initializer",
    DATASETS.group: "data",
    METRICS.group: "metrics.0",
    GRADIENT_TRANSFORMS.group: "gradient_transforms",
    CONSTRAINTS.group: "constraints",
    CALLBACKS.group: "callbacks",
}
"""Where the small spec can take a component of each kind."""

LISTS = {GRADIENT_TRANSFORMS.group, CONSTRAINTS.group, CALLBACKS.group}
"""Kinds of which the small spec has an empty list."""

OPTIONS = {
    "dense": "name='a', units=4, bias=false, parametrization='ntk', weight_initializer='zeros'",
    "dropout": "name='b_2', rate=0.25",
    "l1": "strength=0.5, parameters=['dense_1.*', '*']",
    "l2": "strength=1e-9",
    "sgd": "learning_rate=1e-30, momentum=0.5, nesterov=true",
    "adam": "learning_rate=0.5, beta1=0.5, beta2=0.5, epsilon=1e-3",
    "inverse_time": "decay=0.1, compound=true",
    "uniform": "low=-1e300, high=3",
    "blobs": "validation=0.125, spread=0.0, seed=9223372036854775807",
    "idx": "train_inputs='a', train_labels='b', test_inputs='c/d', test_labels='é ü', classes=3, "
    "shape=[28, 28], flatten=false, scale=0.1",
    "image_folder": "train_directory='a', image_size=[4, 6], class_names=['b', 'a'], scale=1",
    "npy": "train_inputs='a', train_targets='b', classes=2, shape=[3], mapped=false",
    "npz": "path='a \\\\ \"b\".npz', train_inputs='x', classes=2, shape=[3], scale=2",
    "csv": "path='a.csv', target='a b', classes=['x', 'y'], columns={'c.d'='number', e={type="
    "'category', categories=['1', 'ü'], encoding='index', missing='drop', unknown='other'}}, "
    "separator=';', decimal=',', encoding='cp1252', missing_values=['', '?'], weight='w'",
    "jsonl": "path='a.jsonl', target=['a', 'b'], columns={c={type='number', missing='keep'}}",
    "arrow": "path='a.arrow', target='a', columns={c='number'}, test_path='b.arrow'",
    "parquet": "path='a.parquet', target='a', columns={c='number'}, test_path='b.parquet'",
    "spirals": "noise=0, turns=2",
    "embedding": "ids=7, units=2, padding_id=0",
    "parallel": "branches=[['tanh'], [{type='dense', units=2}, 'tanh']], combine='multiply'",
    "columns": "columns=['age', 3]",
    "fill_missing": "strategy='constant', value=-1, indicator=true",
    "min_max": "lower=-1, upper=2.5",
    "one_hot": "categories=[3, 2]",
    "quantile": "quantiles=10, output='normal'",
    "random_elastic": "alpha=34, sigma=4.5",
    "random_flip": "mode='vertical'",
    "random_rotation": "degrees=15",
    "random_shift": "pixels=2",
    "smooth_clip": "bound=2",
    "alpha_dropout": "rate=0.25",
    "gaussian_dropout": "rate=0.25",
    "gaussian_noise": "deviation=0.5",
    "group_norm": "groups=2, epsilon=0.5",
    "permute": "axes=[0]",
    "reshape": "shape=[2, -1]",
    "rms_norm": "epsilon=0.5",
    "scale": "scale_initializer='zeros'",
    "residual": "layers=['tanh', {type='sequential', layers=['dropout']}]",
    "sequential": "layers=[{type='dense', units=2}], repeat=3",
    "clip_by_norm": "max_norm=2.5",
    "learning_rate_log": "every=10",
    "weight_histograms": "bins=5, every=2",
    "activity_regularization": "l1=1e-4",
    "gradient_noise": "variance=0.01",
    "clip_by_value": "limit=0.5, parameters=['*.weight']",
    "max_norm": "limit=3",
    "stop_when": "minutes=0.5",
    "lars": "learning_rate=0.5",
    "lbfgs": "learning_rate=0.5, groups=[{parameters=['*.bias'], rate=0}]",
    "adamw": "learning_rate=0.5, groups=[{parameters=['*.bias'], rate=0.5, decay=2}]",
    "loss quantile": "quantile=0.9",
    "elastic_net": "l1=0.5, l2=1e-3",
    "group_lasso": "strength=0.5",
    "regularizer orthogonal": "strength=0.5",
    "lookahead": "learning_rate=0.1, steps=3, optimizer={type='sgd', learning_rate=0.1}",
    "exponential": "factor=0.5, epochs=2",
    "multi_step": "epochs=[3, 7]",
    "piecewise": "steps=[0, 9], factors=[1, 0.5]",
    "step": "epochs=3",
    "warmup": "steps=7, schedule={type='reduce_on_plateau', patience=2}",
    "softmax_cross_entropy": "label_smoothing=0.1, class_weights=[1, 2.5, 0]",
    "f1": "name='f', average='per_class'",
    "top_k": "name='top_1', k=1",
}
"""Options unlike the defaults, for the components that have any."""

BUILTIN = [
    (kind, each.name)
    for kind in KINDS
    for each in installed().registrations(kind)
    if each.distribution == "layerkit"
]


def test_a_dump_says_everything_and_reads_well() -> None:
    assert (
        to_toml(small_spec("training.early_stopping={}", "optimizer.momentum=0"))
        == """\
format = 1
seed = 1
dtype = "float32"
kernels = "numpy"
silence = []
regularizers = [
    { type = "l2", strength = 0.001 },
    { type = "l1", strength = 0.0001 },
]
gradient_transforms = []
constraints = []
ties = []
metrics = [
    { type = "accuracy" },
]
callbacks = []

[data]
type = "blobs"
validation = 30
test = 0
stratify = false
classes = 3
features = 2
train_per_class = 50
test_per_class = 20
spread = 0.1
seed = 0

[[layers]]
type = "dense"
units = 8
bias = true
parametrization = "standard"

[layers.weight_initializer]
type = "by_activation"

[layers.bias_initializer]
type = "zeros"

[[layers]]
type = "tanh"

[[layers]]
type = "dropout"
rate = 0.5

[[layers]]
type = "dense"
units = 3
bias = true
parametrization = "standard"

[layers.weight_initializer]
type = "by_activation"

[layers.bias_initializer]
type = "zeros"

[loss]
type = "softmax_cross_entropy"
label_smoothing = 0.0

[optimizer]
type = "sgd"
learning_rate = 0.1
groups = []
momentum = 0.0
nesterov = false
dampening = 0.0

[optimizer.schedule]
type = "constant"

[training]
epochs = 3
batch_size = 16
threads = "auto"

[training.early_stopping]
monitor = "loss"
patience = 5
min_delta = 0.0
restore_best = true

[checkpoints]
every_minutes = 1.0
keep = 1
best = true
"""
    )


@pytest.mark.parametrize(("kind", "name"), BUILTIN, ids=[name for _, name in BUILTIN])
def test_a_spec_with_any_options_comes_back_from_its_dump(kind: Kind[Config], name: str) -> None:
    options = OPTIONS.get(f"{kind.noun} {name}", OPTIONS.get(name, ""))
    table = f"{{type='{name}'{', ' if options else ''}{options}}}"
    if kind.group in LISTS:
        table = f"[{table}]"
    spec = small_spec(f"{PLACES[kind.group]}={table}")
    text = to_toml(spec)
    assert parse_spec(text) == spec
    assert to_toml(parse_spec(text)) == text


def test_every_table_of_a_component_begins_with_its_type() -> None:
    todo: list[object] = [tomllib.loads(to_toml(small_spec()))]
    found = 0
    while todo:
        value = todo.pop()
        if is_table(value):
            todo += value.values()
            if "type" in value:
                assert next(iter(value)) == "type"
                found += 1
        elif is_list(value):
            todo += value
    assert found == len(["data", "loss", "optimizer", "schedule", "accuracy", "l2", "l1"]) + 4 + 4


def test_a_relative_path_leads_to_the_same_file_from_the_dump(tmp_path: Path) -> None:
    spec_file, dump = tmp_path / "specs" / "a.toml", tmp_path / "runs" / "1" / "spec.toml"
    for file in (spec_file, dump):
        file.parent.mkdir(parents=True)
    spec_file.write_text("""
        data = {type = "npz", path = "../data.npz"}
        layers = ["tanh"]
        loss = "softmax_cross_entropy"
        optimizer = {type = "sgd", learning_rate = 1}
    """)
    spec = load_spec(spec_file)
    dump.write_text(to_toml(spec), encoding="utf-8")
    assert load_spec(dump) == spec
    assert "data.npz" in to_toml(spec)
