from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from layerkit.findings.codes import CHECKS, Finding
from layerkit.findings.parts import read_parts
from layerkit.findings.report import report_on
from layerkit.plan.network import plan_network
from layerkit.spec.loading import load_spec
from tests.helpers.specs import TINY, write_spec

CLASSES = 'loss = "binary_cross_entropy"\n[data]\nclasses = ["no", "yes"]\n'
NUMBERS = 'loss = "mean_squared_error"\n[data]\n'
SPEC = """
layers = ["standardize", { type = "dense", units = 1 }]
optimizer = { type = "adam", learning_rate = 0.01 }
"""
READS = """
type = "csv"
path = "data.csv"
target = "y"
split_column = "part"
[data.columns]
x = { type = "number", missing = "drop" }
z = "number"
c = { type = "category", categories = ["a", "b", "c"] }
"""

Row = dict[str, object]


def clean() -> list[Row]:
    """Return 320 rows that there is nothing to say about."""
    rng = np.random.default_rng(1)
    rows: list[Row] = []
    for number in range(320):
        x, z = rng.normal(0, 1), rng.normal(5, 2)
        part = ("train", "train", "train", "validation", "test")[number % 5]
        y = "yes" if x + rng.normal(0, 1) > 0 else "no"
        c = rng.choice([*"abc"])
        rows.append({"x": f"{x:.4f}", "z": f"{z:.4f}", "c": c, "part": part, "y": y})
    return rows


def found(
    directory: Path, rows: Sequence[Row], of: str = CLASSES, spec: str = SPEC
) -> list[Finding]:
    lines = [",".join(map(str, row.values())) for row in rows]
    (directory / "data.csv").write_text("\n".join([",".join(rows[0]), *lines, ""]))
    path = directory / "spec.toml"
    path.write_text(spec + of + READS)
    return [*report_on(plan_network(load_spec(path), str(path))).findings]


def told(findings: Sequence[Finding], directory: Path) -> list[str]:
    return [f"{each.check.code} {each.line}".replace(f"{directory}/", "") for each in findings]


def test_there_is_nothing_to_say_about_clean_data(tmp_path: Path) -> None:
    assert told(found(tmp_path, clean()), tmp_path) == []


def change(rows: list[Row], at: int, **cells: object) -> None:
    rows[at] |= cells


def missing(rows: list[Row]) -> None:
    change(rows, 3, x="")


def mostly_missing(rows: list[Row]) -> None:
    for row in rows[50:]:
        row["x"] = ""


def twice(rows: list[Row]) -> None:
    rows[10] = rows[5]


def in_two_parts(rows: list[Row]) -> None:
    rows[14] = {**rows[5], "part": "test"}


def contradiction(rows: list[Row]) -> None:
    rows[10] = {**rows[5], "y": "no" if rows[5]["y"] == "yes" else "yes"}


def constant(rows: list[Row]) -> None:
    for row in rows:
        row["z"] = 7


def same_column(rows: list[Row]) -> None:
    for row in rows:
        row["z"] = row["x"]


def gives_away(rows: list[Row]) -> None:
    for number, row in enumerate(rows):
        row["z"] = number / 1000 + (row["y"] == "yes")


def category_gives_away(rows: list[Row]) -> None:
    for number, row in enumerate(rows):
        row["c"] = "a" if row["y"] == "yes" else "bc"[number % 2]


def outlier(rows: list[Row]) -> None:
    change(rows, 7, z="1e6")


def stands_for_missing(rows: list[Row]) -> None:
    for row in rows[::50]:
        row["z"] = -999


def shift(rows: list[Row]) -> None:
    for number, row in enumerate(rows):
        row["z"] = number % 7 / 2 + (20 if row["part"] == "test" else 0)


def class_shift(rows: list[Row]) -> None:
    for number, row in enumerate(rows):
        if row["part"] == "validation":
            row["y"] = "yes" if number % 50 == 3 else "no"


def imbalance(rows: list[Row]) -> None:
    for number, row in enumerate(rows):
        row["y"] = "yes" if number % 20 < 1 or (number % 20 in {3, 4} and number < 60) else "no"


def absent_class(rows: list[Row]) -> None:
    for row in rows:
        if row["part"] == "test":
            row["y"] = "no"


def small_part(rows: list[Row]) -> None:
    for row in rows:
        if row["part"] == "test":
            row["part"] = "train"


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        (missing, ['LD001 data.csv:5:1 column "x": 1 of 320 cells have no value (0.3%)']),
        (mostly_missing, ['LD002 data.csv:52:1 column "x": 270 of 320 cells have no value']),
        (missing, ["LD003 data.csv: 1 of 320 rows"]),
        (twice, ["LD004 data.csv:12: the same as data.csv:7; in all, 1 of 192 train rows (0.5%)"]),
        (in_two_parts, ["LD005 data.csv:16: the same as data.csv:7; in all, 1 of 64 test rows"]),
        (contradiction, ["LD006 data.csv:12: another target than data.csv:7, for the same inputs"]),
        (constant, ['LD007 column "z": always 7']),
        (same_column, ['LD008 column "z": equals column "x" in all rows']),
        (gives_away, ['LD009 column "z": its values alone tell 100.0% of the classes']),
        (category_gives_away, ['LD009 column "c": its values alone tell 100.0% of the classes']),
        (outlier, ['LD010 data.csv:9:2 column "z": 1e+06 is 14 standard deviations above']),
        (stands_for_missing, ['LD011 data.csv:2:2 column "z": -999 stands there ']),
        (shift, ['LD013 test part, column "z": the mean is 21.']),
        (class_shift, ["LD014 validation part: class yes is 10.9% of it, and "]),
        (imbalance, ["LD015 train part: "]),
        (absent_class, ["LD016 test part: no row of class yes"]),
        (small_part, ["LD017 test part: 0 rows"]),
    ],
    ids=lambda each: each.__name__ if callable(each) else "",
)
def test_every_finding_says_where(
    tmp_path: Path, dirty: Callable[[list[Row]], None], expected: list[str]
) -> None:
    rows = clean()
    dirty(rows)
    lines = told(found(tmp_path, rows), tmp_path)
    for start in expected:
        assert [line for line in lines if line.startswith(start)] != [], lines


def test_columns_of_other_scales_are_named_where_no_layer_evens_them_out(tmp_path: Path) -> None:
    rows = clean()
    for row in rows:
        row["z"] = float(str(row["z"])) * 1e4
    assert told(found(tmp_path, rows), tmp_path) == []
    lines = told(found(tmp_path, rows, spec=SPEC.replace('"standardize", ', "")), tmp_path)
    assert lines == [line for line in lines if line.startswith('LD012 column "z": its standard')]
    assert len(lines) == 1


def test_a_number_that_gives_the_target_away_correlates(tmp_path: Path) -> None:
    rows = clean()
    for row in rows:
        row["y"] = float(str(row["x"])) * 1.8 + 32
    lines = told(found(tmp_path, rows, NUMBERS), tmp_path)
    assert lines == ['LD009 column "x": correlates with the target by 1.0000']


def test_features_of_other_datasets_are_counted_and_many_places_make_one_finding(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(1)
    x = rng.integers(1, 200, (300, 20)).astype(np.uint8)
    x[:, 4:12] = 3
    x[7] = x[2]
    y = rng.integers(0, 2, 300)
    y[7] = y[2]
    np.savez(
        tmp_path / "data.npz",
        train_inputs=x[:200],
        train_targets=y[:200],
        test_inputs=x[200:],
        test_targets=y[200:],
    )
    data = 'type = "npz", path = "data.npz", classes = 2'
    known = 'type = "spirals", train_per_class = 40, test_per_class = 20'
    path = write_spec(tmp_path, TINY.replace(known, data).replace("units = 3", "units = 2"))
    lines = [
        f"{each.check.code} {each.line}"
        for each in report_on(plan_network(load_spec(path), str(path))).findings
    ]
    assert (
        "LD004 train example 7: the same as train example 2; in all, 1 of 170 train rows (0.6%)"
        in lines
    )
    assert "LD007 feature 4: always 3 (and 7 more like it)" in lines


def test_codes_are_numbered_without_gaps() -> None:
    assert [check.code for check in CHECKS] == [f"LD{n:03d}" for n in range(1, len(CHECKS) + 1)]


def test_of_very_many_rows_some_are_looked_at(tmp_path: Path) -> None:
    found(tmp_path, clean())
    path = tmp_path / "spec.toml"
    data = replace(read_parts(plan_network(load_spec(path), str(path))), most_values=50)
    assert len(data.whole["train"]) == 192
    assert len(data.named["train"]) == 10
    assert data.place("train", 9) == f"{tmp_path / 'data.csv'}:319"
    assert sum(len(cells) for _, cells in data.cells(data.train)) == 10
