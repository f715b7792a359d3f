from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.idx import Idx, IdxConfig
from layerkit.contracts.dataset import DATASETS, ClassTarget
from layerkit.errors import DataError, FileError
from layerkit.fields import SpecContext
from layerkit.registry import Registry, installed

PIXELS = [0, 51, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9]


def write(path: Path, form: str, shape: tuple[int, ...], values: list[int]) -> Path:
    code = {"B": 0x08, "h": 0x0B, "f": 0x0D, "d": 0x0E}[form]
    layout = f">HBB{len(shape)}I{len(values)}{form}"
    path.write_bytes(gzip.compress(struct.pack(layout, 0, code, len(shape), *shape, *values)))
    return path


@pytest.fixture
def pixels(tmp_path: Path) -> Path:
    return write(tmp_path / "pixels", "B", (2, 3, 2), PIXELS)


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return write(tmp_path / "labels", "B", (2,), [1, 0])


def test_loaded_bytes_are_what_info_announces(pixels: Path, labels: Path) -> None:
    config = IdxConfig(train_inputs=pixels, train_labels=labels, classes=2)
    info, splits = config.info(), Idx(config).load()
    assert (info.input_shape, info.target) == ((6,), ClassTarget(2))
    assert (info.train, info.test, info.bytes_per_value) == (2, 0, 1)
    assert splits.test is None
    assert splits.train.inputs.dtype == np.uint8
    assert splits.train.inputs.tolist() == [PIXELS[:6], PIXELS[6:]]
    assert splits.train.targets.dtype == np.int64
    assert splits.train.targets.tolist() == [1, 0]
    assert info.scale == 1 / 255


def test_axes_are_kept_with_channels_last(pixels: Path, labels: Path) -> None:
    config = IdxConfig(train_inputs=pixels, train_labels=labels, classes=2, flatten=False)
    assert config.info().input_shape == (3, 2, 1)
    inputs = Idx(config).load().train.inputs
    assert inputs.shape == (2, 3, 2, 1)
    assert inputs[1, 0, :, 0].tolist() == PIXELS[6:8]


@pytest.mark.parametrize("form", ["h", "f", "d"])
def test_numbers_other_than_bytes_become_float32_at_their_own_scale(
    tmp_path: Path, labels: Path, form: str
) -> None:
    inputs = write(tmp_path / "inputs", form, (2, 2), [1, -2, 300, 4])
    config = IdxConfig(train_inputs=inputs, train_labels=labels, classes=2)
    train = Idx(config).load().train
    assert config.info().bytes_per_value == 4
    assert train.inputs.dtype == np.float32
    assert train.inputs.tolist() == [[1, -2], [300, 4]]
    assert config.info().scale == 1


def test_the_spec_may_choose_the_scale(pixels: Path, labels: Path) -> None:
    config = IdxConfig(train_inputs=pixels, train_labels=labels, classes=2, scale=0.5)
    assert config.info().scale == 0.5


def test_one_scale_fits_train_and_test(tmp_path: Path, pixels: Path, labels: Path) -> None:
    tests = write(tmp_path / "floats", "f", (2, 3, 2), PIXELS)
    config = IdxConfig(
        train_inputs=pixels, train_labels=labels, test_inputs=tests, test_labels=labels, classes=2
    )
    with pytest.raises(DataError, match=r"floats: expected unsigned bytes like .* found >f4"):
        config.info()


def test_there_may_be_files_to_test_on(tmp_path: Path, pixels: Path, labels: Path) -> None:
    config = IdxConfig(
        train_inputs=pixels,
        train_labels=labels,
        test_inputs=write(tmp_path / "test_pixels", "B", (1, 3, 2), PIXELS[:6]),
        test_labels=write(tmp_path / "test_labels", "B", (1,), [1]),
        classes=2,
    )
    test = Idx(config).load().test
    assert config.info().test == 1
    assert test is not None
    assert test.inputs.tolist() == [PIXELS[:6]]
    assert test.targets.tolist() == [1]


def test_test_files_come_in_pairs(pixels: Path, labels: Path) -> None:
    with pytest.raises(ValidationError, match="both test_inputs and test_labels"):
        IdxConfig(train_inputs=pixels, train_labels=labels, test_inputs=pixels, classes=2)


def test_a_given_shape_stands_in_for_missing_files(tmp_path: Path) -> None:
    none = tmp_path / "none"
    config = IdxConfig(
        train_inputs=none,
        train_labels=none,
        test_inputs=none,
        test_labels=none,
        classes=2,
        shape=(3, 2),
    )
    info = config.info()
    assert (info.input_shape, info.train, info.test) == ((6,), None, None)
    with pytest.raises(FileError, match="none"):
        Idx(config).load()


def test_without_a_shape_missing_files_are_an_error(tmp_path: Path) -> None:
    config = IdxConfig(train_inputs=tmp_path / "x", train_labels=tmp_path / "y", classes=2)
    with pytest.raises(FileError, match="x: expected a data file"):
        config.info()


def test_a_given_shape_must_be_that_of_the_files(pixels: Path, labels: Path) -> None:
    config = IdxConfig(train_inputs=pixels, train_labels=labels, classes=2, shape=(2, 3))
    with pytest.raises(DataError, match=r"pixels: expected examples of shape \(2, 3\).*\(2, 3, 2"):
        config.info()


def test_test_examples_have_the_shape_of_training_examples(
    tmp_path: Path, pixels: Path, labels: Path
) -> None:
    other = write(tmp_path / "other", "B", (2, 2, 3), PIXELS)
    config = IdxConfig(
        train_inputs=pixels, train_labels=labels, test_inputs=other, test_labels=labels, classes=2
    )
    with pytest.raises(DataError, match=r"other: expected examples of shape \(3, 2\)"):
        config.info()


def test_info_reads_headers_only_and_load_finds_what_is_cut_short(
    pixels: Path, labels: Path
) -> None:
    pixels.write_bytes(gzip.decompress(pixels.read_bytes())[:-1])
    config = IdxConfig(train_inputs=pixels, train_labels=labels, classes=2)
    assert config.info().train == 2
    with pytest.raises(DataError, match="pixels: expected 12 bytes after the header, found 11"):
        Idx(config).load()


def test_there_is_one_label_per_example(tmp_path: Path, pixels: Path) -> None:
    three = write(tmp_path / "three", "B", (3,), [0, 1, 0])
    config = IdxConfig(train_inputs=pixels, train_labels=three, classes=2)
    with pytest.raises(DataError, match=r"three: expected one target for each of the 2 examples"):
        config.info()


def test_labels_lie_within_the_classes(tmp_path: Path, pixels: Path) -> None:
    wrong = write(tmp_path / "wrong", "B", (2,), [0, 2])
    config = IdxConfig(train_inputs=pixels, train_labels=wrong, classes=2)
    with pytest.raises(DataError, match=r"wrong: expected labels from 0 to 1 .* index 1: 2$"):
        Idx(config).load()


def test_paths_start_at_the_directory_of_the_spec(pixels: Path, labels: Path) -> None:
    config = (
        installed()
        .load(DATASETS, "idx")
        .model_validate(
            {"train_inputs": "pixels", "train_labels": "labels", "classes": 2, "shape": [3, 2]},
            context=SpecContext(Registry([]), pixels.parent),
        )
    )
    assert isinstance(config, IdxConfig)
    assert (config.train_inputs, config.train_labels) == (pixels, labels)
    assert config.info().train == 2


def test_a_wrong_path_is_reported_at_its_own_key() -> None:
    with pytest.raises(ValidationError) as caught:
        IdxConfig.model_validate(
            {"train_inputs": "x", "train_labels": "y", "test_inputs": 3, "classes": 2}
        )
    assert [error["loc"] for error in caught.value.errors()] == [("test_inputs",)]
