"""Images in folders, a folder for each class."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, TypeAlias, final

import numpy as np
from annotated_types import Gt, MinLen
from pydantic import Field, Strict

from layerkit.plugin import (
    Bytes,
    ClassTarget,
    DataError,
    DataInfo,
    DataPath,
    Dataset,
    DatasetConfig,
    Examples,
    Labels,
    Shape,
    ShapeError,
    Splits,
    class_folders,
    has_pillow,
    images_in,
    input_shape,
    is_missing,
    read_image,
)

_Pixels: TypeAlias = Annotated[int, Gt(0)]
ImageSize: TypeAlias = Annotated[tuple[_Pixels, _Pixels], Strict(strict=False)]
ClassNames: TypeAlias = Annotated[tuple[str, ...], MinLen(2), Strict(strict=False)]


class ImageFolderConfig(DatasetConfig):
    """Images in folders that are named like their classes: ``train/cat/1.jpg``.

    They are read into memory as unsigned bytes, with Pillow: ``pip install 'layerkit[images]'``.
    Files whose names begin with a dot are left out, and links are followed; whatever else is no
    image is an error. The examples are in the order of the classes, and of the files' names.

    Attributes
    ----------
    train_directory
        The directory to train on, with a folder for each class.
    test_directory
        The directory to test on, with folders for some or all of the same classes.
    image_size
        Height and width in pixels, at least 1. Images of another size are resized to it
        (bilinear), without keeping their proportions.
    color_mode
        ``"rgb"``: red, green and blue; ``"grayscale"``: one channel (Rec. 601 luma). Transparency
        is dropped.
    class_names
        The folders, in the order of the class indices; by default those in ``train_directory``,
        sorted. When given, a spec can be validated where the directories are missing.
    flatten
        Whether each example becomes one axis of features, which is what dense layers take. False
        keeps height, width and channels.
    scale
        Above 0; what inputs are multiplied by.

    References
    ----------
    torchvision documentation, ``ImageFolder``, for the layout of folders.
    ITU-R Recommendation BT.601, for the luma of grayscale.
    """

    type: Literal["image_folder"] = "image_folder"
    train_directory: Annotated[DataPath, Field(examples=["train"])]
    test_directory: DataPath | None = None
    image_size: ImageSize
    color_mode: Literal["rgb", "grayscale"] = "rgb"
    class_names: ClassNames | None = None
    flatten: bool = True
    scale: Annotated[float, Gt(0)] = 1 / 255

    @property
    def image_shape(self) -> Shape:
        """Height, width and channels."""
        return (*self.image_size, 3 if self.color_mode == "rgb" else 1)

    def info(self) -> DataInfo:
        """List the files.

        Raises
        ------
        ShapeError
            If Pillow is not installed.
        """
        if not has_pillow():
            raise ShapeError(
                "expected the package Pillow, which reads images, to be installed",
                hint="pip install 'layerkit[images]'",
            )
        names, train, test = self.class_names, None, None if self.test_directory else 0
        if names is None or not is_missing(self.train_directory):
            names, train = self.names(), len(self.train_files())
            test = len(self.test_files())
        shape = self.image_shape
        return DataInfo(
            input_shape(shape, flatten=self.flatten),
            ClassTarget(len(names), names),
            train,
            test,
            bytes_per_value=1,
            scale=self.scale,
        )

    def names(self) -> tuple[str, ...]:
        """Return the names of the classes."""
        found = class_folders(self.train_directory)
        names = tuple(found) if self.class_names is None else self.class_names
        missing = [name for name in names if name not in found]
        if missing:
            raise DataError(f"{self.train_directory}: expected a folder '{missing[0]}', found none")
        _check_known(self.train_directory, found, names)
        if len(names) < 2:
            raise DataError(
                f"{self.train_directory}: expected a folder for each class, 2 or more, found "
                f"{len(names)}"
            )
        return names

    def train_files(self) -> list[tuple[Path, int]]:
        """Return every image to train on, and the index of its class."""
        files: list[tuple[Path, int]] = []
        for index, name in enumerate(self.names()):
            found = images_in(self.train_directory / name)
            if not found:
                raise DataError(
                    f"{self.train_directory / name}: expected at least one image, found none"
                )
            files += [(path, index) for path in found]
        return files

    def test_files(self) -> list[tuple[Path, int]]:
        """Return every image to test on, and the index of its class."""
        if self.test_directory is None:
            return []
        names, found = self.names(), class_folders(self.test_directory)
        _check_known(self.test_directory, found, names)
        files = [
            (path, names.index(name))
            for name in found
            for path in images_in(self.test_directory / name)
        ]
        if not files:
            raise DataError(
                f"{self.test_directory}: expected at least one image to test on, found none"
            )
        return sorted(files, key=lambda each: (each[1], each[0].name))


def _check_known(directory: Path, found: list[str], names: tuple[str, ...]) -> None:
    unknown = [name for name in found if name not in names]
    if unknown:
        raise DataError(
            f"{directory / unknown[0]}: expected folders of the classes {', '.join(names)}, found "
            "another; remove it, or add it to the classes to train on"
        )


@final
class ImageFolder(Dataset[ImageFolderConfig]):
    """See `ImageFolderConfig`."""

    def load(self) -> Splits:
        """Read the images."""
        config = self.config
        shape = config.info().input_shape
        train = self._examples(config.train_files(), shape)
        test = config.test_files()
        return Splits(train, self._examples(test, shape) if test else None)

    def _examples(self, files: list[tuple[Path, int]], shape: Shape) -> Examples:
        images: Bytes = np.empty((len(files), *self.config.image_shape), np.uint8)
        labels: Labels = np.array([index for _, index in files], np.int64)
        for (path, _), image in zip(files, images, strict=True):
            read_image(path, image)
        return Examples(images.reshape(len(files), *shape), labels)
