"""Points on two sides of a line."""

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


class PlaceholderConfig(DatasetConfig):
    """Points of a square, ``(2,)``, of class ``above`` or ``below`` its diagonal.

    Coordinates are from 0 to 1.

    Attributes
    ----------
    examples
        How many, at least 1.
    seed
        What the points depend on.
    """

    type: Literal["placeholder"] = "placeholder"
    examples: Annotated[int, Gt(0)] = 1000
    seed: Annotated[int, Ge(0)] = 0

    def info(self) -> DataInfo:
        """Return what is known before anything is loaded."""
        return DataInfo(
            input_shape=(2,),
            target=ClassTarget(2, ("below", "above")),
            train=self.examples,
            test=0,
            bytes_per_value=4,
        )


@final
class Placeholder(Dataset[PlaceholderConfig]):
    """See `PlaceholderConfig`."""

    def load(self) -> Splits:
        """Draw the points."""
        rng = generator(self.config.seed, "points")
        points: Array = rng.random((self.config.examples, 2), np.float32)
        classes = (points[:, 1] > points[:, 0]).astype(np.int64)
        return Splits(Examples(points, classes))
