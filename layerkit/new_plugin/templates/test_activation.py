from __future__ import annotations

import numpy as np
import pytest

from layerkit.new_plugin.templates.activation import PlaceholderConfig
from layerkit.testing import curve


def test_values_and_derivatives_are_those_of_the_formula() -> None:
    config = PlaceholderConfig(limit=2.0)
    values, derivatives = curve(config, [0.0, 2.0, -2.0])
    expected = 2 * np.tanh(1.0)
    assert values == pytest.approx([0, expected, -expected])
    slope = 1 - np.tanh(1.0) ** 2
    assert derivatives == pytest.approx([1, slope, slope])


def test_outputs_stay_within_the_limit() -> None:
    config = PlaceholderConfig(limit=2.0)
    values, _ = curve(config, [-1e30, 1e30])
    assert values == pytest.approx([-2, 2])
