from __future__ import annotations

import json

from layerkit.engine.data import load_data
from layerkit.registry import installed
from layerkit.runs.manifest import components, data_facts, distributions, environment
from tests.helpers.specs import small_plan, small_spec


def test_every_component_is_found_nested_ones_too() -> None:
    names = sorted(config.type_name() or "" for config in components(small_spec()))
    expected = (
        "accuracy blobs constant dense dense dropout l1 l2 sgd softmax_cross_entropy tanh "
        "xavier_uniform xavier_uniform zeros zeros"
    )
    assert names == expected.split()


def test_a_distribution_is_named_for_an_initializer_alone() -> None:
    spec = small_spec('layers.0.weight_initializer="he_normal"')
    assert set(distributions(spec, installed())) == {"layerkit", "layerkit-relu"}


def test_the_data_are_known_by_their_checksum() -> None:
    first, again, other = (
        data_facts(load_data(small_plan(f"data.seed={seed}"))) for seed in (0, 0, 1)
    )
    assert (first["train"], first["test"]) == (150, 60)
    assert first == again
    assert first["sha256"] != other["sha256"]


def test_the_environment_names_what_bits_depend_on() -> None:
    record = environment()
    assert {"python", "numpy", "layerkit", "machine", "blas"} <= set(record)
    assert json.loads(json.dumps(record)) == record
