"""A limit on every weight."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Constraint, ConstraintConfig


class PlaceholderConfig(ConstraintConfig):
    """Bounds every weight: ``w = min(max(w, -limit), limit)``.

    Attributes
    ----------
    limit
        Above 0.
    """

    type: Literal["placeholder"] = "placeholder"
    limit: Annotated[float, Gt(0)] = 1.0


@final
class Placeholder(Constraint[PlaceholderConfig]):
    """See `PlaceholderConfig`."""

    def apply(self) -> None:
        """Change the parameter in place."""
        limit = self.config.limit
        np.clip(self.value, -limit, limit, out=self.value)
