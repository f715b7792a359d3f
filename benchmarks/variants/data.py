"""MNIST kept as floats rather than bytes."""

from __future__ import annotations

from typing import Literal, final

import numpy as np
from layerkit_mnist import Mnist, MnistConfig

from layerkit.plugin import DataInfo, Dataset, DatasetConfig, Examples, Splits


class FloatMnistConfig(DatasetConfig):
    """MNIST, scaled once when it is loaded."""

    type: Literal["float_mnist"] = "float_mnist"
    mnist: MnistConfig

    def info(self) -> DataInfo:
        """Return what MNIST says."""
        return self.mnist.info()


@final
class FloatMnist(Dataset[FloatMnistConfig]):
    """See `FloatMnistConfig`."""

    def load(self) -> Splits:
        """Scale the training images."""
        train = Mnist(self.config.mnist).load().train
        return Splits(Examples(train.scaled(np.dtype(np.float32)), train.targets), None)
