"""Inputs of a type that networks do not take."""

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
    def load(self) -> Splits:
        rng = generator(0, "noise")
        shape = (self.config.examples, self.config.features)
        inputs = rng.normal(size=shape).astype(np.str_)
        return Splits(Examples(inputs, rng.integers(0, 2, self.config.examples)))

# mypy 35: Argument 1 to "Examples" has incompatible type "ndarray[...]"; expected "ndarray[...]" [arg-type]
# pyright 35: Argument of type "ndarray[...]" cannot be assigned to parameter "inputs" of type "Inputs" in function "__init__" [reportArgumentType]
