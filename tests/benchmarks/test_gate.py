from __future__ import annotations

import pytest

from benchmarks.parts.gate import largest_difference


def test_the_largest_difference_is_relative() -> None:
    assert largest_difference([100.0, 1.01], [101.0, 1.0]) == pytest.approx(0.01)


def test_losses_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="argument 2"):
        largest_difference([1.0], [1.0, 1.0])
