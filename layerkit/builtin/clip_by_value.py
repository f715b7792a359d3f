"""Clipping of every element of the gradient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt
from pydantic import Field

from layerkit.plugin import Array, GradientTransform, GradientTransformConfig


class ClipByValueConfig(GradientTransformConfig):
    """Bounds every element of the gradient: ``g = min(max(g, -limit), limit)``.

    Changes the direction of the gradient.

    Attributes
    ----------
    limit
        Above 0.

    References
    ----------
    Mikolov (2012), Statistical language models based on neural networks, section 3.2.2.
    """

    type: Literal["clip_by_value"] = "clip_by_value"
    limit: Annotated[float, Gt(0), Field(examples=[0.5])]


@final
class ClipByValue(GradientTransform[ClipByValueConfig]):
    """See `ClipByValueConfig`."""

    def apply(self, gradients: Sequence[Array], step: int) -> None:
        """Clip every element."""
        for grad in gradients:
            np.clip(grad, -self.config.limit, self.config.limit, out=grad)
