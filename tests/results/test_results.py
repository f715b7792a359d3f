"""Specs reach what their comments say: ``# Result: test accuracy 0.9949``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layerkit.engine.training import train
from layerkit.spec.loading import load_spec

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.*"))
STATED = re.compile(r"^# Result: test (\w+) (\d+\.\d+)", re.MULTILINE)
RESULTS = [
    (path, match[1], float(match[2]))
    for path in SPECS
    for match in STATED.finditer(path.read_text(encoding="utf-8"))
]
LONG = {"mnist_cnn.toml"}
"""Specs that train for minutes."""
ROWS = 3
"""How many test rows of a small table may come out otherwise: other kernels round otherwise."""


def test_there_are_results() -> None:
    assert {"penguins_species.toml", *LONG} <= {path.name for path, _, _ in RESULTS}


@pytest.mark.parametrize(
    ("path", "name", "stated"), RESULTS, ids=[path.name for path, _, _ in RESULTS]
)
def test_a_spec_reaches_what_its_comment_says(
    path: Path, name: str, stated: float, request: pytest.FixtureRequest
) -> None:
    if path.name in LONG and not request.config.getoption("--long"):
        pytest.skip("it trains for minutes; make test-results LONG=1 tries it")
    found = train(load_spec(path)).test[name]
    if path.name in LONG:
        allowed = 0.001
    else:
        allowed = ROWS / 67 if name == "accuracy" else 0.1 * stated
    assert found == pytest.approx(stated, abs=allowed)
