from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from layerkit.engine.starting import build
from layerkit.engine.training import train
from layerkit.errors import DataError, FileError
from layerkit.runs.run import load, run
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.models import ModelSpec
from tests.helpers.specs import small_spec

LAYERS = (
    'layers=["standardize", {type="dense", units=8}, "batch_norm", "tanh", {type="dense", units=3}]'
)
TAKEN = ["dense_1.weight", "dense_1.bias", "batch_norm_1.scale", "batch_norm_1.shift"]
STATE = ["standardize_1.mean", "standardize_1.deviation", "batch_norm_1.mean"]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("source") / "run"
    run(small_spec(LAYERS), directory)
    return directory


def spec_from(source: Path, *changes: str) -> ModelSpec:
    return small_spec(LAYERS, f"training.start_from='{source}'", *changes)


def test_arrays_of_the_same_path_and_shape_are_taken_and_the_rest_starts_anew(
    source: Path,
) -> None:
    changes = ("data.classes=4", "layers.4.units=4", "seed=9")
    network = build(spec_from(source, *changes))
    stored, fresh = load(source).arrays, build(small_spec(LAYERS, *changes)).arrays
    assert set(TAKEN + STATE) <= network.arrays.keys()
    for path, array in network.arrays.items():
        expected = fresh if path.startswith("dense_2.") else stored
        np.testing.assert_array_equal(array, expected[path])


def test_layers_keep_the_state_that_came_with_the_weights(source: Path) -> None:
    others = ("data.spread=3.0", "optimizer.learning_rate=1e-9")
    trained = train(spec_from(source, *others)).network
    adapted = train(small_spec(LAYERS, *others)).network
    stored = load(source)
    for path in ("standardize_1.mean", "standardize_1.deviation"):
        np.testing.assert_array_equal(trained.arrays[path], stored.arrays[path])
        assert not np.array_equal(adapted.arrays[path], stored.arrays[path])
    np.testing.assert_allclose(
        trained.arrays["dense_1.weight"], stored.arrays["dense_1.weight"], atol=1e-6
    )


def test_weights_of_another_precision_are_converted(source: Path) -> None:
    network = build(spec_from(source, "dtype=float64"))
    stored = load(source).arrays["dense_1.weight"].astype(np.float64)
    np.testing.assert_array_equal(network.parameters["dense_1.weight"], stored)
    assert network.parameters["dense_1.weight"].dtype == np.float64


def test_a_run_with_nothing_in_common_is_an_error_of_the_spec(source: Path) -> None:
    changes = ('layers=[{type="dense", units=3, name="head"}]',)
    with pytest.raises(SpecError) as caught:
        build(spec_from(source, *changes))
    assert str(caught.value).startswith(
        "spec: training.start_from: expected a run with an array of the network's, by path and "
        f"shape; found none in {source}: it has "
    )
    assert "dense_1.weight (2, 8)" in str(caught.value)
    assert "the network has head.weight (2, 3), head.bias (3,)" in str(caught.value)


def test_a_run_that_is_not_there_or_is_damaged_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"training\.start_from: expected a run directory: .*away"):
        build(spec_from(tmp_path / "away"))
    shutil.copytree(source, tmp_path / "run")
    weights = tmp_path / "run" / "model.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DataError, match=r"training\.start_from: .*what the checksum in the manif"):
        build(spec_from(tmp_path / "run"))
    weights.unlink()
    with pytest.raises(FileError, match=r"model\.safetensors: cannot be read"):
        build(spec_from(tmp_path / "run"))
