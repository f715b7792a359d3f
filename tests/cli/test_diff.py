from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.commands import here

FIRST = """loss = "mean_squared_error"
optimizer = { type = "adam", beta1 = 0.9 }
layers = ["tanh"]
"""


@pytest.fixture(autouse=True)
def _directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.toml").write_text(FIRST)


def test_what_differs_is_told_with_lines_and_defaults(capsys: pytest.CaptureFixture[str]) -> None:
    Path("b.toml").write_text(FIRST.replace("beta1 = 0.9", "beta2 = 0.9") + "seed = 0\n")
    ran = here(capsys, "diff", "a.toml", "b.toml")
    assert (ran.code, ran.err) == (0, "")
    rows = [line.split("  ") for line in ran.out.splitlines()]
    assert [[cell.strip() for cell in row if cell] for row in rows[2:]] == [
        ["optimizer.beta2", "0.999 (default)", "0.9 (line 2)"]
    ]


def test_a_value_that_one_does_not_have_is_left_empty(capsys: pytest.CaptureFixture[str]) -> None:
    Path("b.toml").write_text(FIRST.replace('["tanh"]', '["tanh", "dropout"]'))
    ran = here(capsys, "diff", "b.toml", "a.toml")
    assert [line.split() for line in ran.out.splitlines()[2:]] == [
        ["layers.1.type", '"dropout"', "(line", "3)"],
        ["layers.1.rate", "0.5", "(default)"],
    ]


def test_another_layout_and_format_mean_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    text = '{"layers": [{"type": "tanh"}], "loss": "mean_squared_error", "optimizer": "adam"}'
    Path("b.json").write_text(text)
    ran = here(capsys, "diff", "a.toml", "b.json")
    assert (ran.code, ran.out) == (0, "a.toml and b.json mean the same\n")


def test_a_spec_that_is_wrong_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    Path("b.toml").write_text("seed = 1\n")
    ran = here(capsys, "diff", "a.toml", "b.toml")
    assert (ran.code, ran.out) == (2, "")
    assert "b.toml" in ran.err
