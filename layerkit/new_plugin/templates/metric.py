"""The share of predictions that are near their targets."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, final

import numpy as np
from annotated_types import Ge

from layerkit.plugin import (
    Array,
    MeanMetric,
    ScalarMetricConfig,
    Shape,
    Target,
    Targets,
    check_one_output_per_value,
    differences,
)


class PlaceholderConfig(ScalarMetricConfig):
    """The share of values with ``|prediction - target| <= tolerance``, from 0 to 1.

    Targets are numbers.

    Attributes
    ----------
    tolerance
        From 0, in the units of the targets.
    """

    higher_is_better: ClassVar[bool] = True
    of_numbers: ClassVar[bool] = True

    type: Literal["placeholder"] = "placeholder"
    tolerance: Annotated[float, Ge(0)] = 0.5

    def check(self, prediction: Shape, target: Target) -> None:
        """Check that there is a prediction for every value of the target."""
        check_one_output_per_value(self.display_name, prediction, target)


@final
class Placeholder(MeanMetric[PlaceholderConfig]):
    """See `PlaceholderConfig`."""

    def of_items(self, predictions: Array, targets: Targets) -> Array:
        """Return the share of every example."""
        errors = np.abs(differences(predictions, targets))
        shares: Array = (errors <= self.config.tolerance).mean(axis=1)
        return shares
