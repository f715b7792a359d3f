"""Synthetic multi-label classification: which of several discs a point lies in."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Gt

from layerkit.plugin import (
    Array,
    DataInfo,
    Dataset,
    DatasetConfig,
    Examples,
    Splits,
    VectorTarget,
    generator,
)


class DiscsConfig(DatasetConfig):
    """Points in the plane with a label for every disc that they are in, drawn at random.

    ``y[k] = 1`` if ``|x - centre[k]| < radius``, else 0; any number of labels may be 1.

    Points and centres are uniform in the square from -1 to 1: inputs ``(2,)``, targets
    ``(labels,)``. Train and test share the centres.

    Attributes
    ----------
    labels
        Number of discs, at least 1.
    radius
        Of every disc, above 0.
    train_examples, test_examples
        Numbers of examples, from 1 and from 0.
    seed
        What the examples depend on; the seed of the spec does not change them.

    References
    ----------
    Tomás, Spolaôr, Cherman, Monard (2014), A framework to generate synthetic multi-label datasets,
    with its hyperspheres in the plane.
    """

    type: Literal["discs"] = "discs"
    labels: Annotated[int, Gt(0)] = 4
    radius: Annotated[float, Gt(0)] = 0.6
    train_examples: Annotated[int, Gt(0)] = 1000
    test_examples: Annotated[int, Ge(0)] = 500
    seed: Annotated[int, Ge(0)] = 0

    def info(self) -> DataInfo:
        """Return what the options say."""
        names = tuple(f"disc_{number}" for number in range(1, self.labels + 1))
        return DataInfo(
            (2,),
            VectorTarget((self.labels,), names),
            self.train_examples,
            self.test_examples,
            bytes_per_value=4,
        )


@final
class Discs(Dataset[DiscsConfig]):
    """See `DiscsConfig`."""

    def load(self) -> Splits:
        """Draw the examples."""
        shape = (self.config.labels, 2)
        centres: Array = generator(self.config.seed, "discs", "centres").uniform(-1, 1, shape)
        train = self._draw(centres, self.config.train_examples, "train")
        if self.config.test_examples == 0:
            return Splits(train)
        return Splits(train, self._draw(centres, self.config.test_examples, "test"))

    def _draw(self, centres: Array, count: int, split: str) -> Examples:
        points = generator(self.config.seed, "discs", split).uniform(-1, 1, (count, 2))
        distances = np.linalg.norm(points[:, np.newaxis] - centres, axis=2)
        labels = (distances < self.config.radius).astype(np.float32)
        return Examples(points.astype(np.float32), labels)
