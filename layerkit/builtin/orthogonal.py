"""Orthogonal initialisation."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class OrthogonalConfig(InitializerConfig):
    """A random matrix with orthonormal rows or columns, whichever are fewer, times ``gain``.

    Arrays of more than two axes are filled as the matrix of all axes but the last by the last; of
    one axis, as a matrix of one row: a vector of length ``gain``.

    Attributes
    ----------
    gain
        Above 0.

    References
    ----------
    Saxe, McClelland, Ganguli (2014), Exact solutions to the nonlinear dynamics of learning in deep
    linear neural networks.
    """

    type: Literal["orthogonal"] = "orthogonal"
    gain: Annotated[float, Gt(0)] = 1.0


@final
class Orthogonal(Initializer[OrthogonalConfig]):
    """See `OrthogonalConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Take the orthogonal factor of a matrix of normal values.

        With the signs of the other factor's diagonal, every such matrix is equally likely.
        """
        columns = out.shape[-1] if out.ndim else 1
        rows = out.size // columns
        normal = rng.standard_normal((max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(normal)
        q *= np.where(np.diag(r) < 0, -1.0, 1.0)
        matrix = q if rows >= columns else q.T
        out[...] = (self.config.gain * matrix).reshape(out.shape)
