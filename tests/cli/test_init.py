from __future__ import annotations

import gzip
import json
import tomllib
from pathlib import Path

import duckdb
import numpy as np
import pytest

from layerkit.api import load_spec
from layerkit.builtin.csv import CsvConfig
from tests.helpers.commands import Ran, here

ROWS = [
    f"{number},{number % 7 + 0.5},{'NA' if number % 9 == 0 else number * 3 % 11},"
    f"{'cat' if number % 2 else 'dog'},{'wild' if number % 3 else 'tame'},same"
    for number in range(60)
]
TABLE = "\n".join(["id,weight,age,kind,life,unit", *ROWS, ""])


def init(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | bytes, *options: str
) -> tuple[Ran, str]:
    """Return what the command said, and the spec."""
    data, spec = tmp_path / "data.csv", tmp_path / "spec.toml"
    (tmp_path / "spec.schema.json").write_text("{}")  # to write it takes longer than all else
    data.write_bytes(content.encode() if isinstance(content, str) else content)
    ran = here(capsys, "init", data, "--out", spec, *options)
    return ran, spec.read_text(encoding="utf-8") if spec.exists() else ""


def columns(spec: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = tomllib.loads(spec)["data"]["columns"]
    return found


def test_run_on_the_spec_works_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran, _ = init(tmp_path, capsys, TABLE, "--target", "kind")
    assert ran.code == 0, ran.err
    run = here(
        capsys, "run", tmp_path / "spec.toml", "--out", tmp_path / "run", "--set=training.epochs=2"
    )
    assert run.code == 0, run.err
    assert "test accuracy" in run.out


def test_every_column_has_a_type_and_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran, spec = init(tmp_path, capsys, TABLE, "--target", "kind")
    assert ran.code == 0, ran.err
    lines = spec.splitlines()
    for reason, entry in [
        ("# numbers from 0.5 to 6.5", 'weight = { type = "number", missing = "error" }'),
        ("# whole numbers from 0 to 10; 7 missing", 'age = { type = "number", missing = "keep" }'),
        ("# text, 2 categories: tame 20, wild 40", "life = "),
        ("# identifier: counts up from 0 in steps of 1", "# id = "),
        ('# constant: always "same"', "# unit = "),
        ("# 2 classes: cat 30, dog 30", 'target = "kind"'),
    ]:
        assert lines[lines.index(reason) + 1].startswith(entry)
    assert [*columns(spec)] == ["weight", "age", "life"]
    assert 'missing_values = ["", "NA"]' in lines
    assert 'type = "fill_missing"' in lines


def test_whole_numbers_of_few_values_may_be_made_categories(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"{number % 7},{number % 2}" for number in range(1460)]
    _, spec = init(tmp_path, capsys, "\n".join(["style,y", *rows]), "--target", "y")
    lines = spec.splitlines()
    at = lines.index("# integer, 7 distinct values of 1,460: category?")
    assert lines[at - 1] == 'style = { type = "number", missing = "error" }'
    uncommented = "\n".join([*lines[: at - 1], lines[at + 1].removeprefix("# "), *lines[at + 2 :]])
    (tmp_path / "spec.toml").write_text(uncommented)
    data = load_spec(tmp_path / "spec.toml").data
    assert isinstance(data, CsvConfig)
    assert data.info().input_shape == (7,)


def test_what_is_left_out_can_be_uncommented(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"word{number},2024-01-{number % 28 + 1:02d},{number % 3}.5" for number in range(40)]
    _, spec = init(tmp_path, capsys, "\n".join(["name,day,x", *rows]), "--target", "x", "--force")
    assert "nothing" not in spec
    assert spec == "", "all columns were left out, so there is nothing to train on"
    rows = [f"{row},{number % 4}" for number, row in enumerate(rows)]
    _, spec = init(tmp_path, capsys, "\n".join(["name,day,x,z", *rows]), "--target", "x")
    commented = [line for line in spec.splitlines() if line.startswith(("# name = ", "# day = "))]
    assert len(commented) == 2
    assert '# dates or times, such as "2024-01-01": neither numbers nor categories' in spec
    table = tomllib.loads("\n".join(line.removeprefix("# ") for line in commented))
    assert {*table} == {"name", "day"}


def test_regression_of_large_numbers_trains(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(1)
    sizes = rng.uniform(30, 300, 200)
    rows = [f"{size:.1f},{round(1000 * size + rng.normal(0, 5000))}" for size in sizes]
    ran, spec = init(tmp_path, capsys, "\n".join(["size,price", *rows]), "--target", "price")
    assert ran.code == 0, ran.err
    assert tomllib.loads(spec)["loss"]["target_deviation"] > 50_000
    options = ["--out", str(tmp_path / "run"), "--set=training.epochs=60"]
    assert here(capsys, "run", tmp_path / "spec.toml", *options).code == 0
    last = (tmp_path / "run" / "history.jsonl").read_text().splitlines()[-1]
    validation = json.loads(last)["validation"]
    assert validation["r2"] > 0.9
    assert validation["mean_absolute_error"] < 20_000


@pytest.mark.parametrize(
    "name", ['say "hi"', "two\nlines", "a.b", "größe", "a\\b", "tab\tin", "#1", "''", "", "x]y"]
)
def test_columns_of_any_name_survive(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    rows = [f"{number % 5},{number % 2}.5,{'no' if number % 2 else 'yes'}" for number in range(40)]
    content = "\n".join([f'{quoted},other,"y {name}"'.replace(f"y {name}", "y"), *rows])
    ran, spec = init(tmp_path, capsys, content, "--target", "y")
    assert ran.code == 0, ran.err
    assert name.strip() in columns(spec)
    assert here(capsys, "validate", tmp_path / "spec.toml").code == 0


def test_semicolons_decimal_commas_and_an_old_encoding_are_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"{number % 6},25;{'süß' if number % 2 else 'herb'}" for number in range(40)]
    content = "\n".join(["größe;art", *rows]).encode("cp1252")
    ran, spec = init(tmp_path, capsys, content, "--target", "art")
    assert ran.code == 0, ran.err
    data = tomllib.loads(spec)["data"]
    assert (data["separator"], data["decimal"], data["encoding"]) == (";", ",", "cp1252")
    assert data["classes"] == ["herb", "süß"]
    assert "numbers from 0.25 to 5.25" in spec
    out = tmp_path / "run"
    assert here(capsys, "run", tmp_path / "spec.toml", "-q", "--out", out).code == 0


def test_json_lines_and_gzip_files_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        json.dumps({"x": number % 6 / 4, "ok": number % 2 == 0, "y": number % 5 * 1.5})
        for number in range(40)
    ]
    content = gzip.compress("\n".join(lines).encode())
    ran, spec = init(tmp_path, capsys, content, "--target", "ok")
    assert ran.code == 0, ran.err
    data = tomllib.loads(spec)["data"]
    assert (data["type"], data["classes"]) == ("jsonl", ["false", "true"])
    out = tmp_path / "run"
    assert here(capsys, "run", tmp_path / "spec.toml", "-q", "--out", out).code == 0


def test_parquet_files_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    query = "select i % 6 / 4 as x, i % 2 = 0 as ok, nullif(i % 5, 3) as z from range(40) t(i)"
    duckdb.sql(f"copy ({query}) to '{tmp_path / 'table'}' (format parquet)")
    ran, spec = init(tmp_path, capsys, (tmp_path / "table").read_bytes(), "--target", "ok")
    assert ran.code == 0, ran.err
    data = tomllib.loads(spec)["data"]
    assert (data["type"], data["classes"]) == ("parquet", ["false", "true"])
    assert "# whole numbers from 0 to 4; 8 missing\nz = " in spec
    out = tmp_path / "run"
    assert here(capsys, "run", tmp_path / "spec.toml", "-q", "--out", out).code == 0


def test_columns_that_give_the_target_away_are_left_out_or_asked_about(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"{'ABC'[number % 3]},{number % 3},{number % 6},{number % 4}.5" for number in range(60)]
    _, spec = init(tmp_path, capsys, "\n".join(["kind,code,fine,x", *rows]), "--target", "kind")
    assert '# gives the target away: its values go with those of "kind" one by one\n# code' in spec
    assert 'every value goes with one value of "kind": is it known beforehand?\nfine' in spec
    rows = [f"{number * 7 % 50},{number * 7 % 50 * 1.8 + 32},{number % 3}" for number in range(60)]
    _, spec = init(tmp_path, capsys, "\n".join(["c,f,x", *rows]), "--target", "f", "--force")
    assert '# gives the target away: its values go with those of "f" one by one\n# c' in spec


def test_without_a_target_the_columns_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran, spec = init(tmp_path, capsys, TABLE)
    assert (ran.code, spec) == (2, "")
    assert "expected --target, the column to predict, found none; there are 6 columns:" in ran.err
    assert '"age": whole numbers from 0 to 10; 11 different, 7 missing' in ran.err
    ran, _ = init(tmp_path, capsys, TABLE, "--target", "kinds")
    assert ran.code == 2
    assert "found \"kinds\"; did you mean 'kind'?" in ran.err


def test_a_spec_that_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "spec.toml").write_text("mine")
    ran, spec = init(tmp_path, capsys, TABLE, "--target", "kind")
    assert (ran.code, spec) == (4, "mine")
    assert "or say --force" in ran.err
    ran, spec = init(tmp_path, capsys, TABLE, "--target", "kind", "--force")
    assert (ran.code, spec[:9]) == (0, "#:schema ")


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        ("x,y\n", 3, "expected at least 10 rows"),
        ("x,y\n" + "1,a\n2,b\n" * 4, 3, "expected at least 10 rows, to train"),
        ("x,y\n" + "1,a\n2,a\n" * 9, 3, 'column "y": expected different values .* only "a"'),
        ("x,y\n" + "".join(f"{n % 3},text {n}\n" for n in range(30)), 3, "30 different texts"),
        ("y\n" + "a\nb\n" * 9, 3, 'expected a column to predict "y" from, found no other column'),
        ("x,y\n" + "1,a\n2\n" * 9, 3, ":3: expected 2 cells, one for each column, found 1"),
        ("", 3, "found an empty file"),
    ],
)
def test_says_what_cannot_be_learnt_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, code: int, message: str
) -> None:
    ran, spec = init(tmp_path, capsys, content, "--target", "y")
    assert (ran.code, spec) == (code, "")
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(ran.err)


def test_a_wide_table_gets_a_spec_without_comments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"column_with_a_name_{number}" for number in range(3000)]
    rows = [
        ",".join(str((row * 7 + column) % 10 / 2) for column in range(len(names)))
        for row in range(12)
    ]
    content = "\n".join(
        [",".join([*names, "y"]), *(f"{row},{n % 2}" for n, row in enumerate(rows))]
    )
    ran, spec = init(tmp_path, capsys, content, "--target", "y")
    assert ran.code == 0, ran.err
    assert len(columns(spec)) == 3000
    assert spec.count("#") == 2


def test_rows_limits_what_is_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran, spec = init(tmp_path, capsys, TABLE, "--target", "kind", "--rows", "30")
    assert ran.code == 0, ran.err
    written = "# Written by 'layerkit init' from the first 30 rows of data.csv."
    assert spec.splitlines()[:3] == ["#:schema ./spec.schema.json", "", written]
