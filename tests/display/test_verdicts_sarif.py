from __future__ import annotations

import json
from pathlib import Path

import pytest

from layerkit.cli.specs import planned
from layerkit.display.verdicts import Diagnostic, Region, Verdict, failed
from layerkit.display.verdicts_sarif import FINGERPRINT, verdicts_sarif
from layerkit.errors import FileError
from layerkit.rules import RULES
from layerkit.rules.rule import Rule
from layerkit.spec.diagnostics import SpecError
from layerkit.values import is_list, is_table
from tests.helpers.schemas import violations
from tests.helpers.specs import PLAIN

BAD = PLAIN.replace("units = 3", "units = 4").replace("momentum", "momentm")
SHAPES = PLAIN.replace("units = 3", "units = 4")


@pytest.fixture(autouse=True)
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "my specs").mkdir()
    monkeypatch.chdir(tmp_path)


def verdict_on(text: str, *overrides: str, name: str = "my specs/x.toml") -> Verdict:
    path = Path(name)
    path.write_text(text)
    with pytest.raises(SpecError) as caught:
        planned(path, overrides)
    return failed(path, caught.value)


def table(value: object, *path: str | int) -> dict[str, object]:
    """Return the table at a path in a document."""
    for part in path:
        if is_table(value):
            value = value[str(part)]
        elif is_list(value) and isinstance(part, int):
            value = value[part]
    assert is_table(value)
    return value


def tables(value: object, key: str) -> list[dict[str, object]]:
    found = table(value)[key]
    assert is_list(found)
    return [table(each) for each in found]


def run_of(*verdicts: Verdict) -> dict[str, object]:
    """Return the run in the log, which must be as SARIF's schema says."""
    document: object = json.loads(verdicts_sarif(verdicts, 2))
    assert violations(document, "sarif-2.1.0") == []
    (run,) = tables(document, "runs")
    return run


def fingerprints(*verdicts: Verdict) -> list[object]:
    results = tables(run_of(*verdicts), "results")
    return [table(result, "partialFingerprints")[FINGERPRINT] for result in results]


def test_the_schema_refuses_what_is_no_sarif() -> None:
    document: object = json.loads(verdicts_sarif([verdict_on(BAD)], 2))
    table(document, "runs", 0, "results", 0).pop("message")
    assert violations(document, "sarif-2.1.0") == [
        "$.runs[0].results[0]: 'message' is a required property"
    ]


def test_a_log_without_results_is_one_too() -> None:
    assert tables(run_of(Verdict(Path("x.toml"), 0)), "results") == []
    assert tables(run_of(), "results") == []


def test_a_result_has_one_location_of_one_line() -> None:
    results = tables(run_of(verdict_on(SHAPES)), "results")
    assert len(results) == 2
    for result in results:
        (location,) = tables(result, "locations")
        region = table(location, "physicalLocation", "region")
        assert region.keys() == {"startLine", "startColumn", "endLine", "endColumn"}
        assert region["startLine"] == region["endLine"]
        (related,) = tables(result, "relatedLocations")
        assert "comes from layers.2" in str(table(related, "message")["text"])
    region = table(results[0], "locations", 0, "physicalLocation", "region")
    line = SHAPES.splitlines()[4]
    start, end = (int(str(region[key])) for key in ("startColumn", "endColumn"))
    assert (region["startLine"], line[start - 1 : end - 1]) == (5, '"softmax_cross_entropy"')


def test_paths_are_relative_to_the_repository(tmp_path: Path) -> None:
    run = run_of(verdict_on(BAD))
    artifact = table(run, "results", 0, "locations", 0, "physicalLocation", "artifactLocation")
    assert artifact == {"uri": "my%20specs/x.toml", "uriBaseId": "%SRCROOT%"}
    root = table(run, "originalUriBaseIds", "%SRCROOT%")["uri"]
    assert root == f"{tmp_path.as_uri()}/"


def test_a_file_elsewhere_has_an_absolute_address(tmp_path: Path) -> None:
    elsewhere = tmp_path.parent / "y.toml"
    found = (Diagnostic(RULES["data"], "error", "m"),)
    run = run_of(Verdict(Path("x.toml"), 0), Verdict(elsewhere, 3, found, 1))
    artifact = table(run, "results", 0, "locations", 0, "physicalLocation", "artifactLocation")
    assert artifact == {"uri": elsewhere.as_uri()}


def test_every_rule_is_described() -> None:
    run = run_of(verdict_on(BAD), failed(Path("absent.toml"), FileError("absent.toml: none")))
    rules = tables(table(run, "tool", "driver"), "rules")
    assert {rule.code for rule in RULES.values()} | {"file-error"} == {each["id"] for each in rules}
    for rule in rules:
        assert str(table(rule, "help")["text"]).endswith(".")
        properties = table(rule, "properties")
        assert properties["problem.severity"] in {"error", "warning"}
        assert properties["precision"] in {"very-high", "high"}
    for result in tables(run, "results"):
        assert rules[int(str(result["ruleIndex"]))]["id"] == result["ruleId"]


def test_a_plugins_own_rule_is_described_too() -> None:
    own = Rule("acme-rule", "acme-rule", "a plugin found it wrong", "See there.")
    run = run_of(Verdict(Path("x.toml"), 2, (Diagnostic(own, "error", "m"),), 1))
    assert table(run, "results", 0)["ruleId"] == "acme-rule"


def test_fingerprints_stay_when_lines_move() -> None:
    before = fingerprints(verdict_on(SHAPES))
    moved = verdict_on("# a comment\n\n" + SHAPES.replace("seed = 1\n", "seed = 1\n\n\n"))
    assert fingerprints(moved) == before
    assert len(set(before)) == 2
    assert fingerprints(verdict_on(SHAPES.replace("units = 4", "units = 5"))) == before
    assert fingerprints(verdict_on(SHAPES.replace('["accuracy"]', '[ "accuracy"]'))) != before


def test_equal_problems_in_equal_lines_have_fingerprints_of_their_own() -> None:
    text = BAD.replace("layers = [", "layers = [\n") + ""
    same = text.replace('"tanh",', '\n{type = "tanh", rat = 1},\n{type = "tanh", rat = 1},\n')
    found = fingerprints(verdict_on(same))
    assert len(set(found)) == len(found) == 3


@pytest.mark.parametrize(
    ("region", "columns"),
    [
        (Region(3, 5, 3, 9, 0, 0, "abc lear = 1"), (5, 9)),
        (Region(3, 5, 7, 2, 0, 0, "abc lear = ["), (5, 13)),
        (Region(3, 13, 3, 13, 0, 0, "abc lear = 1"), (12, 13)),
        (Region(3, 1, 3, 1, 0, 0, ""), (1, 1)),
        (None, (1, 1)),
    ],
)
def test_a_region_ends_in_the_line_that_it_begins_in(
    region: Region | None, columns: tuple[int, int]
) -> None:
    found = Diagnostic(RULES["syntax"], "error", "m", region=region)
    run = run_of(Verdict(Path("x.toml"), 2, (found,), 1))
    shown = table(run, "results", 0, "locations", 0, "physicalLocation", "region")
    assert (shown["startColumn"], shown["endColumn"]) == columns
    assert shown["startLine"] == shown["endLine"] == (3 if region else 1)
