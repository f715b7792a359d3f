"""Clipping of the gradient's norm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt
from pydantic import Field

from layerkit.plugin import Array, GradientTransform, GradientTransformConfig


class ClipByNormConfig(GradientTransformConfig):
    """Shortens a gradient that is longer than ``max_norm``, and keeps its direction.

    ``g *= max_norm / norm`` where ``norm > max_norm``; else as it is.

    ``norm`` is Euclidean. PyTorch's ``clip_grad_norm_`` adds 1e-6 to it. A gradient with an inf or
    nan is left alone, for training to end with an error.

    Attributes
    ----------
    max_norm
        Above 0.
    scope
        ``"network"``: the norm of all gradients together, as PyTorch's ``clip_grad_norm_`` and
        Keras' ``global_clipnorm``, so that the whole gradient keeps its direction.
        ``"parameter"``: of each parameter's gradient by itself, as Keras' ``clipnorm``.

    References
    ----------
    Pascanu, Mikolov, Bengio (2013), On the difficulty of training recurrent neural networks.
    """

    type: Literal["clip_by_norm"] = "clip_by_norm"
    max_norm: Annotated[float, Gt(0), Field(examples=[1.0])]
    scope: Literal["network", "parameter"] = "network"


@final
class ClipByNorm(GradientTransform[ClipByNormConfig]):
    """See `ClipByNormConfig`."""

    def apply(self, gradients: Sequence[Array], step: int) -> None:
        """Scale all gradients by the same factor, or each by its own."""
        if self.config.scope == "network":
            _clip(gradients, self.config.max_norm)
        else:
            for grad in gradients:
                _clip((grad,), self.config.max_norm)


def _clip(gradients: Sequence[Array], max_norm: float) -> None:
    norm = _norm(gradients)
    if math.isinf(norm):  # of finite gradients: their squares are too large for the dtype
        largest = max(max(float(grad.max()), -float(grad.min())) for grad in gradients)
        if not math.isfinite(largest):
            return
        _scale(gradients, 1 / largest)
        _scale(gradients, max_norm / _norm(gradients))
    elif norm > max_norm:
        _scale(gradients, max_norm / norm)


def _norm(gradients: Sequence[Array]) -> float:
    return math.sqrt(sum(float(np.vdot(grad, grad)) for grad in gradients))


def _scale(gradients: Sequence[Array], factor: float) -> None:
    for grad in gradients:
        np.multiply(grad, factor, out=grad)
