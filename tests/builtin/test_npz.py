from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layerkit.builtin.npz import Npz, NpzConfig
from layerkit.contracts.dataset import ClassTarget, VectorTarget
from layerkit.errors import DataError, FileError

INPUTS = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
LABELS = np.array([1, 0])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data.npz"


def test_loaded_arrays_are_what_info_announces(path: Path) -> None:
    np.savez_compressed(path, train_inputs=INPUTS, train_targets=LABELS)
    config = NpzConfig(path=path, classes=2)
    info, splits = config.info(), Npz(config).load()
    assert (info.input_shape, info.target) == ((6,), ClassTarget(2))
    assert (info.train, info.test, info.bytes_per_value) == (2, 0, 4)
    assert splits.test is None
    assert splits.train.inputs.dtype == np.float32
    assert splits.train.inputs.tolist() == INPUTS.reshape(2, 6).tolist()
    assert splits.train.targets.tolist() == [1, 0]
    assert info.scale == 1


@pytest.mark.parametrize(
    ("stored", "kept"),
    [("u1", "u1"), ("f4", "f4"), ("f8", "f8"), (">f8", "f8"), ("f2", "f4"), ("i8", "f4")],
)
def test_inputs_keep_their_type_where_the_network_can_take_it(
    path: Path, stored: str, kept: str
) -> None:
    np.savez(path, train_inputs=INPUTS.astype(stored), train_targets=LABELS)
    config = NpzConfig(path=path, classes=2)
    train = Npz(config).load().train
    assert train.inputs.dtype == np.dtype(kept)
    assert train.inputs.tolist() == INPUTS.reshape(2, 6).tolist()
    assert config.info().bytes_per_value == train.inputs.itemsize
    assert config.info().scale == (1 / 255 if kept == "u1" else 1)


def test_one_scale_fits_train_and_test(path: Path) -> None:
    pixels = INPUTS.astype(np.uint8)
    np.savez(
        path,
        train_inputs=pixels,
        train_targets=LABELS,
        test_inputs=INPUTS,
        test_targets=LABELS,
    )
    said = r"'test_inputs' in .* expected unsigned bytes like .* found float32; set 'scale'"
    with pytest.raises(DataError, match=said):
        NpzConfig(path=path, classes=2).info()
    assert NpzConfig(path=path, classes=2, scale=0.5).info().scale == 0.5


@pytest.mark.parametrize("dtype", ["u1", "<i2", ">i4", "u8"])
def test_labels_of_any_integer_type_become_class_indices(path: Path, dtype: str) -> None:
    np.savez(path, train_inputs=INPUTS, train_targets=LABELS.astype(dtype))
    targets = Npz(NpzConfig(path=path, classes=2)).load().train.targets
    assert targets.dtype == np.int64
    assert targets.tolist() == [1, 0]


def test_without_classes_targets_are_vectors(path: Path) -> None:
    np.savez(path, train_inputs=INPUTS, train_targets=np.ones((2, 4)))
    config = NpzConfig(path=path)
    assert config.info().target == VectorTarget((4,))
    assert Npz(config).load().train.targets.tolist() == [[1] * 4] * 2


def test_one_number_per_example_is_a_vector_of_one(path: Path) -> None:
    np.savez(path, train_inputs=INPUTS, train_targets=np.array([0.5, 2]))
    config = NpzConfig(path=path)
    assert config.info().target == VectorTarget((1,))
    assert Npz(config).load().train.targets.tolist() == [[0.5], [2]]


def test_integer_targets_need_a_number_of_classes(path: Path) -> None:
    np.savez(path, train_inputs=INPUTS, train_targets=LABELS)
    with pytest.raises(DataError, match=r"'train_targets' in .* found int64: set 'classes'"):
        NpzConfig(path=path).info()


def test_axes_are_kept_with_channels_last_and_scaled_as_the_spec_says(path: Path) -> None:
    np.savez(path, train_inputs=INPUTS, train_targets=LABELS)
    config = NpzConfig(path=path, classes=2, flatten=False, scale=0.1)
    train = Npz(config).load().train
    assert config.info().input_shape == (3, 2, 1)
    assert train.inputs.tolist() == INPUTS[..., np.newaxis].tolist()
    assert config.info().scale == 0.1


def test_arrays_may_have_other_names(path: Path) -> None:
    np.savez(path, x=INPUTS, y=LABELS, u=INPUTS[:1] + 1, v=LABELS[:1])
    config = NpzConfig(
        path=path, classes=2, train_inputs="x", train_targets="y", test_inputs="u", test_targets="v"
    )
    test = Npz(config).load().test
    assert config.info().test == 1
    assert test is not None
    assert test.inputs.tolist() == (INPUTS[:1] + 1).reshape(1, 6).tolist()
    assert test.targets.tolist() == [1]


def test_a_test_array_that_the_spec_names_or_that_has_a_partner_must_be_there(path: Path) -> None:
    np.savez(path, train_inputs=INPUTS, train_targets=LABELS)
    with pytest.raises(DataError, match="named 'test_targets'"):
        NpzConfig(path=path, classes=2, test_inputs="train_inputs").info()
    np.savez(path, train_inputs=INPUTS, train_targets=LABELS, test_inputs=INPUTS)
    with pytest.raises(DataError, match="named 'test_targets'"):
        NpzConfig(path=path, classes=2).info()


def test_a_given_shape_stands_in_for_a_missing_file(path: Path) -> None:
    config = NpzConfig(path=path, classes=2, shape=(3, 2))
    info = config.info()
    assert (info.input_shape, info.target) == ((6,), ClassTarget(2))
    assert (info.train, info.test) == (None, None)
    with pytest.raises(FileError, match=r"data\.npz"):
        Npz(config).load()


def test_without_shape_and_classes_a_missing_file_is_an_error(path: Path) -> None:
    for config in (NpzConfig(path=path, shape=(3, 2)), NpzConfig(path=path, classes=2)):
        with pytest.raises(FileError, match=r"data\.npz: expected a data file"):
            config.info()


def test_a_given_shape_must_be_that_of_the_file(path: Path) -> None:
    np.savez(path, train_inputs=INPUTS, train_targets=LABELS)
    with pytest.raises(
        DataError, match=r"'train_inputs' in .* expected examples of shape \(2, 3\)"
    ):
        NpzConfig(path=path, classes=2, shape=(2, 3)).info()


def test_train_and_test_agree_on_the_shapes_of_inputs_and_targets(path: Path) -> None:
    rows = np.ones((2, 4))
    np.savez(path, train_inputs=INPUTS, train_targets=rows, test_inputs=rows, test_targets=rows)
    with pytest.raises(DataError, match=r"'test_inputs' in .* expected examples of shape \(3, 2\)"):
        NpzConfig(path=path).info()
    np.savez(
        path, train_inputs=INPUTS, train_targets=rows, test_inputs=INPUTS, test_targets=rows[:, 1:]
    )
    with pytest.raises(DataError, match=r"'test_targets' in .* like those to train on.*\(4,\).*3"):
        NpzConfig(path=path).info()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_inputs_and_targets_must_be_finite(path: Path, dtype: type[np.floating]) -> None:
    inputs = INPUTS.astype(dtype)
    inputs[1, 2, 0] = np.nan
    inputs[1, 2, 1] = np.inf
    np.savez(path, train_inputs=inputs, train_targets=LABELS)
    with pytest.raises(DataError, match=r"found 2 of 12 .* first at index \(1, 2, 0\): nan"):
        Npz(NpzConfig(path=path, classes=2)).load()
    np.savez(path, train_inputs=INPUTS, train_targets=inputs)
    with pytest.raises(DataError, match=r"'train_targets' in .* found 2 of 12"):
        Npz(NpzConfig(path=path)).load()


def test_labels_lie_within_the_classes(path: Path) -> None:
    np.savez(path, train_inputs=INPUTS, train_targets=LABELS + 1)
    with pytest.raises(DataError, match=r"'train_targets' in .* from 0 to 1 .* index 0: 2$"):
        Npz(NpzConfig(path=path, classes=2)).load()


def test_info_reads_no_further_than_the_headers(path: Path) -> None:
    inputs = np.ones((2, 10_000), np.float32)
    np.savez(path, train_inputs=inputs, train_targets=LABELS)
    whole = path.read_bytes()
    end = whole.index(inputs.tobytes()) + inputs.nbytes
    path.write_bytes(whole[: end - 1] + b"\xff" + whole[end:])
    config = NpzConfig(path=path, classes=2)
    assert config.info().train == 2
    with pytest.raises(DataError, match="CRC"):
        Npz(config).load()
