from __future__ import annotations

import pytest

from layerkit.display.format import (
    byte_count,
    clock,
    count,
    duration,
    figure,
    figures,
    number,
    shape_text,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0000"),
        (0.41214, "0.4121"),
        (-2.0, "-2.0000"),
        (0.0000123, "1.230e-05"),
        (1e31, "1.000e+31"),
        (float("nan"), "nan"),
    ],
)
def test_numbers_keep_four_decimals_where_those_say_something(value: float, text: str) -> None:
    assert number(value) == text


def test_accuracies_are_percentages_and_the_loss_comes_last() -> None:
    assert figure("accuracy", 0.98214) == "98.21 %"
    assert figure("mean_absolute_error", 0.98214) == "0.9821"
    found = figures({"loss": 0.0612, "accuracy": 0.98214}, "test")
    assert found == "test accuracy 98.21 %, test loss 0.0612"
    assert figures({}, "test") == ""


def test_counts_have_their_plural() -> None:
    assert count(1, "layer") == "1 layer"
    assert count(1200, "layer") == "1,200 layers"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.254, "0.25 s"),
        (58.34, "58.3 s"),
        (59.97, "1 min 00 s"),
        (723.4, "12 min 03 s"),
        (3599.9, "1 h 00 min"),
        (3900.0, "1 h 05 min"),
    ],
)
def test_durations_are_as_exact_as_they_need_be(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_clocks_count_minutes_and_hours() -> None:
    assert clock(41.2) == "0:41"
    assert clock(3900) == "1:05:00"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1_700_000, "1.6 MiB"),
        (3 * 1024**3, "3.0 GiB"),
        (5000 * 1024**4, "5,000.0 TiB"),
    ],
)
def test_bytes_have_binary_units(size: int, text: str) -> None:
    assert byte_count(size) == text


def test_shapes_are_products() -> None:
    assert shape_text((28, 28, 1)) == "28 x 28 x 1"
    assert shape_text(()) == "1"
