from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.truncated_normal import TruncatedNormal, TruncatedNormalConfig
from layerkit.contracts.initializer import Fan
from layerkit.randomness import generator
from layerkit.testing.initializer import check_initializer


def test_keeps_the_contract_of_initializers() -> None:
    check_initializer("truncated_normal")
    check_initializer(TruncatedNormalConfig(mean=3.0, deviation=0.5, cut=0.5))


@pytest.mark.parametrize(("cut", "deviation"), [(2.0, 0.8796), (1.0, 0.5396)])
def test_no_value_is_beyond_the_cut(cut: float, deviation: float) -> None:
    """The deviations are those of scipy.stats.truncnorm(-cut, cut)."""
    out = np.zeros((200, 200))
    config = TruncatedNormalConfig(mean=1.0, deviation=0.5, cut=cut)
    TruncatedNormal(config).fill(out, Fan(200, 200), generator(0, "test"))
    assert 0.98 * cut < np.abs((out - 1) / 0.5).max() <= cut
    assert out.mean() == pytest.approx(1, abs=0.01)
    assert out.std() == pytest.approx(0.5 * deviation, rel=0.02)


def test_a_cut_that_would_draw_for_ever_is_refused() -> None:
    with pytest.raises(ValidationError, match="cut"):
        TruncatedNormalConfig(cut=0.01)
