from __future__ import annotations

import io

import pytest
from rich.console import Console

from benchmarks.grids import Grid, number, ratio_within, within
from benchmarks.spread import Spread


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.01234, "0.0123"),
        (1.5, "1.50"),
        (45.67, "45.7"),
        (123.4, "123"),
        (8588, "8,588"),
    ],
)
def test_a_number_keeps_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_a_spread_shows_its_quartiles_in_brackets() -> None:
    assert within(Spread(5000, 4000, 9000)) == "5,000 (4,000 to 9,000)"
    assert ratio_within(Spread(0.5, 0.4, 0.61)) == "0.50 (0.40 to 0.61)"


def test_a_grid_becomes_a_markdown_table_with_numbers_to_the_right() -> None:
    grid = Grid("Times", ("", "µs"), [["layerkit", "1.00"], ["torch", "2.00"]])
    assert grid.markdown() == "|  | µs |\n| --- | ---: |\n| layerkit | 1.00 |\n| torch | 2.00 |"


def test_a_grid_becomes_a_table_on_a_terminal() -> None:
    console = Console(file=io.StringIO(), width=60)
    console.print(Grid("Times", ("", "µs"), [["layerkit", "1.00"]]).table())
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert "Times" in shown
    assert "layerkit" in shown
