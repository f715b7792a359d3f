from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Values
from layerkit.builtin.npy import Npy, NpyConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import DataError, FileError
from layerkit.testing import check_dataset

INPUTS = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
LABELS = np.array([1, 0])


def config(
    directory: Path, inputs: Values = INPUTS, targets: Values = LABELS, **options: object
) -> NpyConfig:
    """Return a config with these arrays to train on."""
    files = {"train_inputs": directory / "x.npy", "train_targets": directory / "y.npy"}
    np.save(files["train_inputs"], inputs)
    np.save(files["train_targets"], targets)
    return NpyConfig.model_validate({**files, **options})


@pytest.mark.parametrize("mapped", [True, False])
@pytest.mark.parametrize("flatten", [True, False])
def test_it_keeps_the_contract(tmp_path: Path, *, mapped: bool, flatten: bool) -> None:
    check_dataset(config(tmp_path, classes=2, mapped=mapped, flatten=flatten))
    check_dataset(config(tmp_path, targets=np.ones((2, 4)), mapped=mapped))


def test_rows_stay_in_the_files(tmp_path: Path) -> None:
    given = config(tmp_path, targets=np.ones((2, 4)))
    info, train = given.info(), Npy(given).load().train
    assert info.mapped
    assert train.is_mapped
    assert (info.input_shape, info.target) == ((6,), VectorTarget((4,)))
    assert train.input_rows is not None
    assert train.target_rows is not None
    found = np.zeros((1, 6), np.float32)
    train.input_rows.take(np.array([1]), found)
    assert found.tolist() == [[6, 7, 8, 9, 10, 11]]
    assert isinstance(train.inputs.base, np.ndarray)
    with pytest.raises(ValueError, match="read-only"):
        train.inputs[0] = 0


def test_class_indices_are_in_memory(tmp_path: Path) -> None:
    train = Npy(config(tmp_path, targets=LABELS.astype(np.uint8), classes=2)).load().train
    assert train.target_rows is None
    assert train.targets.dtype == np.int64
    assert train.targets.tolist() == [1, 0]


def test_without_mapping_all_is_in_memory(tmp_path: Path) -> None:
    given = config(tmp_path, inputs=INPUTS.astype(">i2"), classes=2, mapped=False)
    train = Npy(given).load().train
    assert not given.info().mapped
    assert not train.is_mapped
    assert train.inputs.dtype == np.float32
    assert train.inputs.tolist() == INPUTS.reshape(2, 6).tolist()


@pytest.mark.parametrize("dtype", ["?", "u1", "<i2", ">i4", "<f2", ">f4", "<f8"])
def test_mapped_inputs_keep_the_type_of_the_file(tmp_path: Path, dtype: str) -> None:
    given = config(tmp_path, inputs=INPUTS.astype(dtype), classes=2)
    assert given.info().bytes_per_value == np.dtype(dtype).itemsize
    assert Npy(given).load().train.inputs.dtype == np.dtype(dtype)
    assert given.info().scale == (1 / 255 if dtype == "u1" else 1)


def test_there_may_be_files_to_test_on(tmp_path: Path) -> None:
    given = config(tmp_path, classes=2)
    both = given.model_copy(
        update={"test_inputs": given.train_inputs, "test_targets": given.train_targets}
    )
    assert (both.info().train, both.info().test) == (2, 2)
    assert Npy(both).load().test is not None
    with pytest.raises(ValidationError, match="expected both test_inputs and test_targets"):
        config(tmp_path, classes=2, test_inputs="x.npy")


def test_one_number_per_example_is_a_vector_of_one(tmp_path: Path) -> None:
    given = config(tmp_path, targets=np.array([0.5, 2]))
    assert given.info().target == VectorTarget((1,))
    assert Npy(given).load().train.targets.tolist() == [[0.5], [2]]


def test_integer_targets_need_a_number_of_classes(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"y\.npy: .* found int64: set 'classes'"):
        config(tmp_path).info()


def test_there_is_one_target_for_each_of_the_inputs(tmp_path: Path) -> None:
    for count in (1, 3):
        with pytest.raises(DataError, match=r"y\.npy: expected one target for each of the 2"):
            config(tmp_path, targets=np.zeros(count, np.int64), classes=2).info()


def test_labels_lie_within_the_classes(tmp_path: Path) -> None:
    for wrong in (2, -1):
        given = config(tmp_path, targets=np.array([0, wrong]), classes=2)
        with pytest.raises(DataError, match=rf"y\.npy: .* from 0 to 1 .* index 1: {wrong}$"):
            Npy(given).load()


def test_a_given_shape_stands_in_for_missing_files(tmp_path: Path) -> None:
    files = {"train_inputs": tmp_path / "x.npy", "train_targets": tmp_path / "y.npy"}
    info = NpyConfig.model_validate({**files, "classes": 2, "shape": [3, 2]}).info()
    assert (info.input_shape, info.target) == ((6,), ClassTarget(2))
    assert (info.train, info.test, info.mapped) == (None, 0, True)
    with pytest.raises(FileError, match=r"x\.npy: expected a data file"):
        NpyConfig.model_validate({**files, "classes": 2}).info()
