from __future__ import annotations

import json
import platform
from dataclasses import replace

import numpy as np
import pytest

from layerkit.contracts.dataset import ClassTarget, DataInfo, VectorTarget
from layerkit.engine.data import load_data
from layerkit.errors import DataError
from layerkit.registry import installed
from layerkit.runs.manifest import (
    components,
    data_facts,
    distributions,
    environment,
    info_facts,
    info_of,
)
from tests.helpers.specs import small_plan, small_spec


def test_every_component_is_found_nested_ones_too() -> None:
    names = sorted(config.type_name() or "" for config in components(small_spec()))
    expected = (
        "accuracy blobs by_activation by_activation constant dense dense dropout l1 l2 sgd "
        "softmax_cross_entropy tanh zeros zeros"
    )
    assert names == expected.split()


def test_a_distribution_is_named_for_an_initializer_alone() -> None:
    spec = small_spec('layers.0.weight_initializer="he_normal"')
    assert set(distributions(spec, installed())) == {"layerkit", "layerkit-relu"}


def test_a_distribution_is_named_for_a_layer_in_a_branch_alone() -> None:
    spec = small_spec('layers.1={type = "parallel", branches = [["relu"], []]}')
    assert set(distributions(spec, installed())) == {"layerkit", "layerkit-relu"}


def test_weights_of_examples_belong_to_the_checksum() -> None:
    splits = load_data(small_plan())
    first, second = (
        data_facts(replace(splits, train=replace(splits.train, weights=np.full(150, weight))))
        for weight in (1.0, 2.0)
    )
    assert data_facts(splits)["sha256"] != first["sha256"] != second["sha256"]


def test_the_validation_examples_of_the_data_themselves_are_counted() -> None:
    splits = load_data(small_plan())
    assert data_facts(splits)["validation"] == 0
    assert data_facts(replace(splits, validation=splits.test))["validation"] == 60


def test_the_data_are_known_by_their_checksum() -> None:
    first, again, other = (
        data_facts(load_data(small_plan(f"data.seed={seed}"))) for seed in (0, 0, 1)
    )
    assert (first["train"], first["test"]) == (150, 60)
    assert first == again
    assert first["sha256"] != other["sha256"]


@pytest.mark.parametrize(
    "info",
    [
        DataInfo((2,), ClassTarget(3, ("oak", "elm", "fir")), 10, 0, 4, scale=1 / 255),
        DataInfo((2,), ClassTarget(2), 9, 0, 8, features=("age", "sex=f"), has_missing=True),
        DataInfo((2,), ClassTarget(2), 9, 0, 8, mapped=True),
        DataInfo((5, 2), ClassTarget(2, shape=(5,)), None, None, None, None),
        DataInfo((7,), VectorTarget((2,), ("width", "height")), 10, 4, 1, 3, vocabulary=9),
    ],
)
def test_what_is_known_of_the_data_comes_back_names_of_classes_too(info: DataInfo) -> None:
    written = json.dumps({"info": info_facts(info), "status": "finished"})
    assert info_of(json.loads(written), "manifest.json") == info


@pytest.mark.parametrize("manifest", [None, {}, {"info": 3}, {"info": {"input_shape": ["a"]}}])
def test_a_manifest_without_them_is_a_data_error(manifest: object) -> None:
    with pytest.raises(DataError, match=r"^manifest\.json: expected 'info'"):
        info_of(manifest, "manifest.json")


def test_the_environment_names_what_bits_depend_on() -> None:
    record = environment()
    assert {"python", "numpy", "layerkit", "machine", "blas"} <= set(record)
    assert json.loads(json.dumps(record)) == record


def test_the_features_of_the_cpu_that_numpy_uses_belong_to_the_environment() -> None:
    features = environment()["cpu_features"]
    assert isinstance(features, list)
    if "x86" in platform.machine():
        assert any("AVX" in str(each) or "X86_V" in str(each) for each in features)
