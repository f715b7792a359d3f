"""Synthetic regression: a smooth function of five features."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Gt

from layerkit.plugin import (
    DataInfo,
    Dataset,
    DatasetConfig,
    Examples,
    Splits,
    VectorTarget,
    generator,
)


class FriedmanConfig(DatasetConfig):
    """Friedman's function of five numbers, with noise, drawn at random: for regression.

    ``y = 10 sin(π x1 x2) + 20 (x3 - 0.5)² + 10 x4 + 5 x5 + noise * normal``.

    Inputs are uniform from 0 to 1, ``(features,)``; those after the fifth have no influence.
    Targets have shape ``(1,)``.

    Attributes
    ----------
    features
        Number of inputs, at least 5.
    train_examples, test_examples
        Numbers of examples, from 1 and from 0.
    noise
        Standard deviation of the noise in the targets, from 0.
    seed
        What the examples depend on; the seed of the spec does not change them.

    References
    ----------
    Friedman (1991), Multivariate adaptive regression splines, section 4.3.
    """

    type: Literal["friedman"] = "friedman"
    features: Annotated[int, Ge(5)] = 10
    train_examples: Annotated[int, Gt(0)] = 1000
    test_examples: Annotated[int, Ge(0)] = 500
    noise: Annotated[float, Ge(0)] = 1.0
    seed: Annotated[int, Ge(0)] = 0

    def info(self) -> DataInfo:
        """Return what the options say."""
        return DataInfo(
            (self.features,),
            VectorTarget((1,), ("y",)),
            self.train_examples,
            self.test_examples,
            bytes_per_value=4,
        )


@final
class Friedman(Dataset[FriedmanConfig]):
    """See `FriedmanConfig`."""

    def load(self) -> Splits:
        """Draw the examples."""
        train = self._draw(self.config.train_examples, "train")
        if self.config.test_examples == 0:
            return Splits(train)
        return Splits(train, self._draw(self.config.test_examples, "test"))

    def _draw(self, count: int, split: str) -> Examples:
        rng = generator(self.config.seed, "friedman", split)
        x = rng.uniform(size=(count, self.config.features))
        y = 10 * np.sin(math.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2
        y += 10 * x[:, 3] + 5 * x[:, 4] + self.config.noise * rng.normal(size=count)
        return Examples(x.astype(np.float32), y[:, np.newaxis].astype(np.float32))
