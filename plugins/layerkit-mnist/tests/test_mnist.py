from __future__ import annotations

import gzip
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from layerkit_mnist import Mnist, MnistConfig
from layerkit_mnist.files import TEST_LABELS

from layerkit.plugin import DATASETS, ClassTarget, DataError, FileError, Splits, labels_of
from layerkit.registry import installed


@pytest.fixture(scope="module")
def mnist() -> Splits:
    return Mnist(MnistConfig()).load()


@pytest.fixture
def packed() -> bytes:
    return (files("layerkit_mnist") / "data" / TEST_LABELS.name).read_bytes()


def test_the_registry_offers_mnist() -> None:
    assert installed().load(DATASETS, "mnist") is MnistConfig


def test_loaded_digits_are_what_info_announces(mnist: Splits) -> None:
    info = MnistConfig().info()
    assert info.target == ClassTarget(10, tuple("0123456789"))
    assert mnist.test is not None
    for examples, count in ((mnist.train, info.train), (mnist.test, info.test)):
        assert examples.inputs.shape == (count, *info.input_shape) == (count, 784)
        assert examples.inputs.dtype == np.uint8
        assert examples.inputs.itemsize == info.bytes_per_value
        assert examples.targets.shape == (count,)
        assert examples.targets.dtype == np.int64
    assert (info.train, info.test) == (60_000, 10_000)
    assert info.scale == 1 / 255


def test_labels_are_in_the_known_order(mnist: Splits) -> None:
    assert mnist.test is not None
    assert mnist.train.targets[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert mnist.test.targets[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert np.bincount(labels_of(mnist.test.targets)).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip


def test_ink_is_bright_on_a_dark_ground(mnist: Splits) -> None:
    digits = mnist.train.inputs.reshape(-1, 28, 28)
    assert np.max(digits[:, ::27, ::27]) == 0
    assert np.max(digits[:, 14, 14]) == 255
    assert float(digits.mean()) / 255 == pytest.approx(0.1307, abs=1e-4)


def test_the_image_layout_keeps_rows_and_columns_with_channels_last(mnist: Splits) -> None:
    config = MnistConfig(layout="image")
    assert config.info().input_shape == (28, 28, 1)
    images = Mnist(config).load().train.inputs
    assert images.shape == (60_000, 28, 28, 1)
    np.testing.assert_array_equal(images.reshape(60_000, 784), mnist.train.inputs)


def test_the_rows_layout_is_a_sequence_of_rows_from_the_top(mnist: Splits) -> None:
    config = MnistConfig(layout="rows")
    assert config.info().input_shape == (28, 28)
    rows = Mnist(config).load().train.inputs
    np.testing.assert_array_equal(rows.reshape(60_000, 784), mnist.train.inputs)


def test_one_changed_label_is_found_by_its_checksum(tmp_path: Path, packed: bytes) -> None:
    data = bytearray(gzip.decompress(packed))
    assert data[8] == 7
    data[8] = 1
    (tmp_path / TEST_LABELS.name).write_bytes(gzip.compress(data))
    with pytest.raises(DataError, match=r"t10k-labels.*expected MD5 27ae3e4e.* install .* again"):
        TEST_LABELS.read(tmp_path)


def test_damaged_compression_is_found(tmp_path: Path, packed: bytes) -> None:
    for damaged in (b"", b"not gzip", packed[:-9], packed[:2000] + packed[2001:]):
        (tmp_path / TEST_LABELS.name).write_bytes(damaged)
        with pytest.raises(DataError, match=r"expected MD5 27ae3e4e09519cfbb04c329615203637"):
            TEST_LABELS.read(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"t10k-labels-idx1-ubyte\.gz: cannot be read"):
        TEST_LABELS.read(tmp_path)


def test_whole_files_are_read_from_wherever_they_are(tmp_path: Path, packed: bytes) -> None:
    (tmp_path / TEST_LABELS.name).write_bytes(packed)
    assert TEST_LABELS.read(tmp_path)[:3].tolist() == [7, 2, 1]
