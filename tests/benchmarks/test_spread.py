from __future__ import annotations

import pytest

from benchmarks.spread import Spread, paired_ratios, spread


def test_a_spread_is_the_median_between_the_quartiles() -> None:
    assert spread([3.0, 1.0, 900.0, 2.0, 4.0]) == Spread(median=3.0, low=2.0, high=4.0)


def test_a_single_figure_has_no_spread() -> None:
    assert spread([3.0]) == Spread(median=3.0, low=3.0, high=3.0)


def test_a_round_that_is_slow_for_everybody_does_not_show_in_paired_ratios() -> None:
    assert paired_ratios([1.0, 50.0], [2.0, 100.0]) == [0.5, 0.5]


def test_figures_of_unequal_rounds_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="argument 2"):
        paired_ratios([1.0], [1.0, 2.0])
