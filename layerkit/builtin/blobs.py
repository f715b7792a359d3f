"""Synthetic classification: one round cloud of points per class."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Gt

from layerkit.plugin import (
    Array,
    ClassTarget,
    DataInfo,
    Dataset,
    DatasetConfig,
    Examples,
    Splits,
    generator,
)


class BlobsConfig(DatasetConfig):
    """Clouds of points, one for each class, drawn at random: inputs ``(features,)``.

    ``x = centre[class] + spread * normal``.

    The centres are drawn from the standard normal distribution; train and test share them.

    Attributes
    ----------
    classes
        Number of classes, at least 2.
    features
        Number of inputs, at least 1.
    train_per_class, test_per_class
        Examples of each class, from 1 and from 0.
    spread
        Standard deviation of every feature about its centre, from 0. Well below 1, the deviation
        of the centres themselves, most classes stay apart.
    seed
        What the examples depend on; the seed of the spec does not change them.

    References
    ----------
    Bishop (2006), Pattern recognition and machine learning, section 2.3.9, on mixtures of
    Gaussians.
    """

    type: Literal["blobs"] = "blobs"
    classes: Annotated[int, Ge(2)] = 3
    features: Annotated[int, Gt(0)] = 2
    train_per_class: Annotated[int, Gt(0)] = 200
    test_per_class: Annotated[int, Ge(0)] = 100
    spread: Annotated[float, Ge(0)] = 0.1
    seed: Annotated[int, Ge(0)] = 0

    def info(self) -> DataInfo:
        """Return what the options say."""
        return DataInfo(
            (self.features,),
            ClassTarget(self.classes),
            self.classes * self.train_per_class,
            self.classes * self.test_per_class,
            bytes_per_value=4,
        )


@final
class Blobs(Dataset[BlobsConfig]):
    """See `BlobsConfig`."""

    def load(self) -> Splits:
        """Draw the examples."""
        config = self.config
        shape = (config.classes, config.features)
        centres: Array = generator(config.seed, "blobs", "centres").standard_normal(shape)
        train = self._draw(centres, config.train_per_class, "train")
        if config.test_per_class == 0:
            return Splits(train, None)
        return Splits(train, self._draw(centres, config.test_per_class, "test"))

    def _draw(self, centres: Array, per_class: int, split: str) -> Examples:
        labels = np.repeat(np.arange(self.config.classes, dtype=np.int64), per_class)
        rng = generator(self.config.seed, "blobs", split)
        points = rng.normal(centres[labels], self.config.spread)
        return Examples(points.astype(np.float32), labels)
