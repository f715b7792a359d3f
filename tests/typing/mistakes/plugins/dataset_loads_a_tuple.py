"""`load` returns inputs and targets."""

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
        return DataInfo((self.features,), ClassTarget(2), self.examples, 0, bytes_per_value=4)


@final
class Noise(Dataset[NoiseConfig]):
    def load(self) -> tuple[Examples, Examples]:
        rng = generator(0, "noise")
        shape = (self.config.examples, self.config.features)
        inputs = rng.normal(size=shape).astype(np.float32)
        examples = Examples(inputs, rng.integers(0, 2, self.config.examples))
        return examples, examples

# mypy 31: Return type "tuple[Examples, Examples]" of "load" incompatible with return type "Splits" in supertype "layerkit.contracts.dataset.Dataset" [override]
# pyright 31: Method "load" overrides class "Dataset" in an incompatible manner [reportIncompatibleMethodOverride]
