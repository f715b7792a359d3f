"""MNIST kept as floats rather than bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, final

import numpy as np
from layerkit_mnist import Mnist, MnistConfig

from layerkit.plugin import DataInfo, Dataset, DatasetConfig, Examples, Splits


class FloatMnistConfig(DatasetConfig):
    """MNIST, scaled once when it is loaded."""

    type: Literal["float_mnist"] = "float_mnist"
    mnist: MnistConfig

    def info(self) -> DataInfo:
        """Return what MNIST says, for inputs that are scaled already."""
        return replace(self.mnist.info(), bytes_per_value=4, scale=1.0)


@final
class FloatMnist(Dataset[FloatMnistConfig]):
    """See `FloatMnistConfig`."""

    def load(self) -> Splits:
        """Scale the training images."""
        mnist = self.config.mnist
        train, scale = Mnist(mnist).load().train, np.float32(mnist.info().scale)
        return Splits(Examples(train.inputs * scale, train.targets), None)
