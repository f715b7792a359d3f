"""The MNIST database of handwritten digits."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    Bytes,
    ClassTarget,
    DataInfo,
    Dataset,
    DatasetConfig,
    Examples,
    Shape,
    Splits,
    class_indices,
)
from layerkit_mnist.files import TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS, MnistFile

CLASSES = 10
NAMES = tuple(str(digit) for digit in range(CLASSES))
SHAPES: Mapping[str, Shape] = {"flat": (784,), "image": (28, 28, 1), "rows": (28, 28)}


class MnistConfig(DatasetConfig):
    """Handwritten digits, 28 by 28 grey pixels: 60,000 to train on and 10,000 to test on.

    Pixels stay bytes, 0 for background and 255 for ink; the network sees them scaled to 0..1.

    Attributes
    ----------
    layout
        Shape of an example: ``"flat"`` for ``(784,)``, ``"image"`` for ``(28, 28, 1)``, channels
        last, ``"rows"`` for ``(28, 28)``, a sequence of rows from the top.

    References
    ----------
    LeCun, Cortes, Burges, The MNIST database of handwritten digits.
    LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to document recognition.
    """

    type: Literal["mnist"] = "mnist"
    layout: Literal["flat", "image", "rows"] = "flat"

    @property
    def input_shape(self) -> Shape:
        """Shape of an example."""
        return SHAPES[self.layout]

    def info(self) -> DataInfo:
        """Return what is known of MNIST; reads nothing."""
        return DataInfo(
            self.input_shape,
            ClassTarget(CLASSES, NAMES),
            60_000,
            10_000,
            bytes_per_value=1,
            scale=1 / 255,
        )


@final
class Mnist(Dataset[MnistConfig]):
    """See `MnistConfig`."""

    def load(self) -> Splits:
        """Read the files that come with the package; each must have its known checksum."""
        return Splits(
            self._examples(TRAIN_IMAGES, TRAIN_LABELS), self._examples(TEST_IMAGES, TEST_LABELS)
        )

    def _examples(self, images: MnistFile, labels: MnistFile) -> Examples:
        directory = files("layerkit_mnist") / "data"
        targets = class_indices(labels.read(directory), CLASSES, labels.name)
        pixels: Bytes = images.read(directory).view(np.uint8)
        inputs = pixels.reshape(len(targets), *self.config.input_shape)
        return Examples(inputs, targets)
