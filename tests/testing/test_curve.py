from __future__ import annotations

import numpy as np
import pytest

from layerkit.testing import curve
from layerkit.testing.sampling import FLOAT32


def test_values_and_derivatives_are_those_of_the_layer() -> None:
    y, slope = curve("tanh", [-1.0, 0.0, 2.0])
    np.testing.assert_allclose(y, np.tanh([-1, 0, 2]), rtol=1e-14)
    np.testing.assert_allclose(slope, 1 - np.tanh([-1, 0, 2]) ** 2, rtol=1e-14)
    assert curve("tanh", [1.0], dtype=FLOAT32)[0].dtype == FLOAT32


def test_a_number_that_overflows_on_the_way_is_an_error() -> None:
    with pytest.raises(FloatingPointError, match="overflow"):
        curve({"type": "smooth_clip", "bound": 1e-10}, [3e38], dtype=FLOAT32)
