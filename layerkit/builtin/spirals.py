"""Synthetic classification: spiral arms that no straight line separates."""

from __future__ import annotations

import math
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Gt

from layerkit.plugin import (
    ClassTarget,
    DataInfo,
    Dataset,
    DatasetConfig,
    Examples,
    Splits,
    generator,
)

_INNER_RADIUS = 0.1


class SpiralsConfig(DatasetConfig):
    """Points on spiral arms in the plane, one for each class, drawn at random.

    ``x = r * (cos(a), sin(a)) + noise * normal`` with ``a = 2π (turns * r + class / classes)``.

    Inputs have shape ``(2,)``. The radius ``r`` is uniform from 0.1 to 1: the arms, one for each
    class, wind from near the origin out to the unit circle.

    Attributes
    ----------
    classes
        Number of arms, at least 2.
    train_per_class, test_per_class
        Examples of each class, from 1 and from 0.
    noise
        Standard deviation of both coordinates about the arm, from 0. Neighbouring arms are
        ``1 / (turns * classes)`` apart along a radius.
    turns
        How often an arm of radius 1 winds round the origin, from 0.
    seed
        What the examples depend on; the seed of the spec does not change them.

    References
    ----------
    Lang, Witbrock (1988), Learning to tell two spirals apart.
    """

    type: Literal["spirals"] = "spirals"
    classes: Annotated[int, Ge(2)] = 3
    train_per_class: Annotated[int, Gt(0)] = 200
    test_per_class: Annotated[int, Ge(0)] = 100
    noise: Annotated[float, Ge(0)] = 0.03
    turns: Annotated[float, Ge(0)] = 1.0
    seed: Annotated[int, Ge(0)] = 0

    def info(self) -> DataInfo:
        """Return what the options say."""
        return DataInfo(
            (2,),
            ClassTarget(self.classes),
            self.classes * self.train_per_class,
            self.classes * self.test_per_class,
            bytes_per_value=4,
        )


@final
class Spirals(Dataset[SpiralsConfig]):
    """See `SpiralsConfig`."""

    def load(self) -> Splits:
        """Draw the examples."""
        train = self._draw(self.config.train_per_class, "train")
        if self.config.test_per_class == 0:
            return Splits(train, None)
        return Splits(train, self._draw(self.config.test_per_class, "test"))

    def _draw(self, per_class: int, split: str) -> Examples:
        config = self.config
        labels = np.repeat(np.arange(config.classes, dtype=np.int64), per_class)
        rng = generator(config.seed, "spirals", split)
        radius = rng.uniform(_INNER_RADIUS, 1, len(labels))
        angle = 2 * math.pi * (config.turns * radius + labels / config.classes)
        arm = np.stack((radius * np.cos(angle), radius * np.sin(angle)), axis=1)
        return Examples(rng.normal(arm, config.noise).astype(np.float32), labels)
