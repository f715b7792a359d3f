"""`DataInfo` without the size of a value."""

from typing import Literal, final

import numpy as np

from layerkit.plugin import (
    ClassTarget,
    DataInfo,
    Dataset,
    DatasetConfig,
    Examples,
    Splits,
    generator,
)


class NoiseConfig(DatasetConfig):
    """Normal numbers, and classes that have nothing to do with them."""

    type: Literal["noise"] = "noise"
    examples: int = 100
    features: int = 4

    def info(self) -> DataInfo:
        return DataInfo((self.features,), ClassTarget(2), self.examples, 0)


@final
class Noise(Dataset[NoiseConfig]):
    def load(self) -> Splits:
        rng = generator(0, "noise")
        shape = (self.config.examples, self.config.features)
        inputs = rng.normal(size=shape).astype(np.float32)
        return Splits(Examples(inputs, rng.integers(0, 2, self.config.examples)))

# mypy 26: Missing positional argument "bytes_per_value" in call to "DataInfo" [call-arg]
# pyright 26: Argument missing for parameter "bytes_per_value" [reportCallIssue]
