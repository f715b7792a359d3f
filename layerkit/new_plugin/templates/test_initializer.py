from __future__ import annotations

import numpy as np
import pytest

from layerkit.new_plugin.templates.initializer import PlaceholderConfig
from layerkit.plugin import Fan, generator


def test_the_deviation_is_that_of_the_formula() -> None:
    config = PlaceholderConfig(gain=2.0)
    values = np.zeros((100, 400))
    config.build().fill(values, Fan(100, 400), generator(0, "test"))
    assert values.std() == pytest.approx(2 / 10, rel=0.02)
    assert values.mean() == pytest.approx(0, abs=0.005)
