"""Initialisation with the identity."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.plugin import Array, Fan, Initializer, InitializerConfig


class IdentityConfig(InitializerConfig):
    """The identity matrix times ``gain``: what comes in goes out.

    ``gain`` where the indices of the last two axes agree, 0 elsewhere; for a vector, ``gain``.

    Attributes
    ----------
    gain
        The number on the diagonal.

    References
    ----------
    Le, Jaitly, Hinton (2015), A simple way to initialize recurrent networks of rectified linear
    units.
    """

    type: Literal["identity"] = "identity"
    gain: float = 1.0


@final
class Identity(Initializer[IdentityConfig]):
    """See `IdentityConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Write the diagonal."""
        if out.ndim < 2:
            out.fill(self.config.gain)
            return
        out.fill(0)
        diagonal = np.arange(min(out.shape[-2:]))
        out[..., diagonal, diagonal] = self.config.gain
