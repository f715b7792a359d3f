"""The number of classes as the target."""

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
        return DataInfo((self.features,), 2, self.examples, 0, bytes_per_value=4)


@final
class Noise(Dataset[NoiseConfig]):
    def load(self) -> Splits:
        rng = generator(0, "noise")
        shape = (self.config.examples, self.config.features)
        inputs = rng.normal(size=shape).astype(np.float32)
        return Splits(Examples(inputs, rng.integers(0, 2, self.config.examples)))

# mypy 26: Argument 2 to "DataInfo" has incompatible type "int"; expected "ClassTarget | VectorTarget" [arg-type]
# pyright 26: Argument of type "Literal[2]" cannot be assigned to parameter "target" of type "Target" in function "__init__" [reportArgumentType]
