from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError

import layerkit as lk
from layerkit.builtin.image_folder import ImageFolder, ImageFolderConfig
from layerkit.contracts.dataset import ClassTarget
from layerkit.errors import DataError, FileError
from layerkit.spec.diagnostics import SpecError
from layerkit.testing import check_dataset

SIZE = (4, 6)


def write(directory: Path, **colours: int) -> Path:
    """Write a folder for each class, with three images of one colour."""
    for name, level in colours.items():
        (directory / name).mkdir(parents=True)
        for number in range(3):
            pixels = np.full((*SIZE, 3), level + number, np.uint8)
            Image.fromarray(pixels).save(directory / name / f"{number}.png")
    return directory


def config(directory: Path, **options: object) -> ImageFolderConfig:
    return ImageFolderConfig.model_validate(
        {"train_directory": directory / "train", "image_size": SIZE, **options}
    )


@pytest.mark.parametrize("options", [{}, {"flatten": False}, {"color_mode": "grayscale"}])
def test_it_keeps_the_contract(tmp_path: Path, options: dict[str, object]) -> None:
    write(tmp_path / "train", dog=20, cat=10)
    write(tmp_path / "test", dog=200)
    check_dataset(config(tmp_path, test_directory=tmp_path / "test", **options))


def test_classes_are_the_folders_and_examples_come_in_their_order(tmp_path: Path) -> None:
    write(tmp_path / "train", dog=20, cat=10, ant=30)
    write(tmp_path / "test", dog=200, ant=100)
    given = config(tmp_path, test_directory=tmp_path / "test", flatten=False)
    info, splits = given.info(), ImageFolder(given).load()
    assert info.target == ClassTarget(3, ("ant", "cat", "dog"))
    assert (info.input_shape, info.train, info.test, info.scale) == ((4, 6, 3), 9, 6, 1 / 255)
    assert splits.train.inputs.dtype == np.uint8
    assert splits.train.inputs[:, 0, 0, 0].tolist() == [30, 31, 32, 10, 11, 12, 20, 21, 22]
    assert splits.train.targets.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert splits.test is not None
    assert splits.test.inputs[:, 0, 0, 0].tolist() == [100, 101, 102, 200, 201, 202]
    assert splits.test.targets.tolist() == [0, 0, 0, 2, 2, 2]


def test_grey_images_have_one_channel_and_examples_can_be_flat(tmp_path: Path) -> None:
    write(tmp_path / "train", dog=20, cat=10)
    grey = config(tmp_path, color_mode="grayscale", flatten=False)
    assert grey.info().input_shape == (4, 6, 1)
    assert ImageFolder(grey).load().train.inputs.shape == (6, 4, 6, 1)
    assert config(tmp_path).info().input_shape == (4 * 6 * 3,)


def test_the_order_of_the_classes_can_be_given(tmp_path: Path) -> None:
    write(tmp_path / "train", dog=20, cat=10)
    given = config(tmp_path, class_names=["dog", "cat"])
    assert given.info().target == ClassTarget(2, ("dog", "cat"))
    assert ImageFolder(given).load().train.targets.tolist() == [0, 0, 0, 1, 1, 1]


def test_given_classes_stand_in_for_a_missing_directory(tmp_path: Path) -> None:
    info = config(tmp_path, class_names=["dog", "cat"], test_directory=tmp_path / "test").info()
    assert (info.target, info.train, info.test) == (ClassTarget(2, ("dog", "cat")), None, None)
    with pytest.raises(FileError, match="train: expected a directory of images"):
        config(tmp_path).info()


def test_info_reads_no_pixel(tmp_path: Path) -> None:
    write(tmp_path / "train", dog=20, cat=10)
    broken = tmp_path / "train" / "cat" / "1.png"
    broken.write_bytes(broken.read_bytes()[:50])
    given = config(tmp_path)
    assert given.info().train == 6
    with pytest.raises(DataError, match=r"cat/1\.png: expected a whole image"):
        ImageFolder(given).load()


def test_the_folders_must_be_those_of_the_classes(tmp_path: Path) -> None:
    write(tmp_path / "train", dog=20, cat=10)
    with pytest.raises(DataError, match="train: expected a folder 'cow', found none"):
        config(tmp_path, class_names=["dog", "cow"]).info()
    (tmp_path / "train" / "cow").mkdir()
    with pytest.raises(DataError, match="train/dog: expected folders of the classes cat, cow"):
        config(tmp_path, class_names=["cat", "cow"]).info()
    with pytest.raises(DataError, match="train/cow: expected at least one image, found none"):
        config(tmp_path).info()


def test_the_folders_to_test_on_must_be_among_those_to_train_on(tmp_path: Path) -> None:
    write(tmp_path / "train", dog=20, cat=10)
    write(tmp_path / "test", cow=20)
    with pytest.raises(DataError, match="test/cow: expected folders of the classes cat, dog"):
        config(tmp_path, test_directory=tmp_path / "test").info()
    (tmp_path / "empty" / "dog").mkdir(parents=True)
    with pytest.raises(DataError, match="empty: expected at least one image to test on"):
        config(tmp_path, test_directory=tmp_path / "empty").info()


def test_one_class_is_too_few(tmp_path: Path) -> None:
    write(tmp_path / "train", dog=20)
    with pytest.raises(DataError, match="a folder for each class, 2 or more, found 1"):
        config(tmp_path).info()


@pytest.mark.parametrize("size", [[4], [4, 0], [4, 6, 3], 4, [4.0, 6.0]])
def test_a_size_is_height_and_width(tmp_path: Path, size: object) -> None:
    with pytest.raises(ValidationError, match="image_size"):
        config(tmp_path, image_size=size)


def spec(directory: Path) -> dict[str, object]:
    return {
        "data": {
            "type": "image_folder",
            "train_directory": str(directory / "train"),
            "image_size": [4, 6],
        },
        "layers": [{"type": "dense", "units": 2}],
        "loss": "softmax_cross_entropy",
        "optimizer": {"type": "sgd", "learning_rate": 0.1},
        "training": {"epochs": 30, "batch_size": 2},
    }


def test_a_network_learns_from_folders_and_knows_their_names(tmp_path: Path) -> None:
    write(tmp_path / "train", white=250, black=1)
    network = lk.train(spec(tmp_path)).network
    assert network.class_names == ("black", "white")
    white = network.predict(np.full((1, 72), 251, np.uint8))
    assert white[0, 1] > 0.9


def test_without_pillow_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "train", white=250, black=1)
    monkeypatch.setitem(sys.modules, "PIL", None)  # what Python does where a package is not there
    with pytest.raises(SpecError, match="Pillow") as caught:
        lk.train(spec(tmp_path))
    assert "pip install 'layerkit[images]'" in str(caught.value)
