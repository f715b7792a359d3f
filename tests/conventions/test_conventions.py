"""Every row of docs/conventions.md is true of Layerkit, and says what its component's help says."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.kinds import KINDS
from layerkit.registry import installed
from tests.conventions import networks, updates

PAGE = Path(__file__).resolve().parents[2] / "docs" / "conventions.md"
ROWS = {**updates.ROWS, **networks.ROWS}
AS_HERE = re.compile(r"as here(:|$)")


def table() -> dict[tuple[str, str], list[str]]:
    """Return the cells about Layerkit, PyTorch and Keras of every row."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {(row[0].strip("`"), row[1]): row[2:] for row in rows}


def test_every_row_has_a_test_and_every_test_a_row() -> None:
    assert sorted(table()) == sorted(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=" ".join)
def test_the_row_is_true(row: tuple[str, str]) -> None:
    _, pytorch, keras = table()[row]
    numbers = ROWS[row]()
    for cell, other in ((pytorch, numbers.pytorch), (keras, numbers.keras)):
        assert (cell == "none") == (other is None)
        if other is not None:
            assert agree(numbers.layerkit, other) == bool(AS_HERE.match(cell)), cell


@pytest.mark.parametrize("component", sorted({component for component, _ in ROWS}))
def test_the_help_of_the_component_names_the_others(component: str) -> None:
    registry = installed()
    (kind,) = (kind for kind in KINDS if component in registry.names(kind))
    said = registry.load(kind, component).__doc__ or ""
    assert "PyTorch" in said or "Keras" in said


def agree(one: Array, other: Array) -> bool:
    one, other = np.asarray(one), np.asarray(other)
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-9, atol=1e-15)
