from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Shape
from layerkit.builtin.tanh import TanhConfig
from layerkit.testing.build import build_layer


@pytest.mark.parametrize("shape", [(3, 2), (3, 2, 4), (3, 1)])
def test_a_mask_about_its_steps_reaches_a_layer(shape: Shape) -> None:
    mask = np.ones((5, 3))
    layer = build_layer(TanhConfig(), input_shape=shape, batch_size=5, mask=mask)
    assert layer.context.mask is mask


@pytest.mark.parametrize("shape", [(2, 3), (3,), (6,), ()])
def test_a_mask_about_other_steps_reaches_no_layer(shape: Shape) -> None:
    """A reshape upstream can leave one."""
    mask = np.ones((5, 3))
    assert (
        build_layer(TanhConfig(), input_shape=shape, batch_size=5, mask=mask).context.mask is None
    )
