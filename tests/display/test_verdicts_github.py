from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.display.verdicts import Diagnostic, Region, Verdict
from layerkit.display.verdicts_github import verdicts_github
from layerkit.rules import RULES

REGION = Region(3, 5, 3, 9, 20, 24, "abc lear = 1")
KEY = RULES["unknown-key"]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "specs").mkdir()
    monkeypatch.chdir(tmp_path / "specs")


def test_a_problem_is_a_command_with_its_place() -> None:
    found = Diagnostic(KEY, "error", "unknown key 'lr'", "optimizer.lr", "mend it", REGION)
    assert verdicts_github([Verdict(Path("x.toml"), 2, (found,), 1)]) == (
        "::error file=specs/x.toml,line=3,endLine=3,col=5,endColumn=9,title=LK003"
        "::optimizer.lr: unknown key 'lr' (help: mend it)"
    )


def test_what_would_end_a_command_or_a_property_is_escaped() -> None:
    found = Diagnostic(KEY, "warning", "100 %\r\n::error::x, y")
    assert verdicts_github([Verdict(Path("a,b:c%.toml"), 2, (found,), 1)]) == (
        "::warning file=specs/a%2Cb%3Ac%25.toml,title=LK003::100 %25%0D%0A::error::x, y"
    )


def test_a_region_over_several_lines_has_no_columns() -> None:
    region = Region(3, 5, 4, 2, 20, 30, "abc = [")
    (line,) = verdicts_github(
        [Verdict(Path("x.toml"), 2, (Diagnostic(KEY, "error", "m", region=region),), 1)]
    ).splitlines()
    assert line == "::error file=specs/x.toml,line=3,endLine=4,title=LK003::m"


def test_an_option_is_named_as_it_has_no_line() -> None:
    found = Diagnostic(KEY, "error", "unknown key 'lr'", "optimizer.lr", option="--set 2")
    line = verdicts_github([Verdict(Path("x.toml"), 2, (found,), 1)])
    assert line.endswith("::--set 2: optimizer.lr: unknown key 'lr'")


def test_a_good_spec_is_no_command_whatever_its_name() -> None:
    good = Verdict(Path("::error::x.toml"), 0, summary="1 layer, 2 parameters")
    assert verdicts_github([good]) == "validated ::error::x.toml: ok (1 layer, 2 parameters)"


def test_more_than_twenty_problems_are_counted() -> None:
    many = tuple(Diagnostic(KEY, "error", f"m{number}") for number in range(23))
    lines = verdicts_github([Verdict(Path("x.toml"), 2, many, 23)]).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "::error file=specs/x.toml::and 3 more problems"
