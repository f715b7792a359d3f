from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import layerkit
from layerkit.rules import RULES, code_text
from layerkit.rules.rule import WarningCode

PACKAGE = Path(layerkit.__file__).parent
CODE = re.compile(
    r"(?:problem|Problem|ParseError)\(\s*(?:\([^()]*(?:\([^()]*\)[^()]*)*\),\s*|[a-z.]+,\s*)?"
    r'"([a-z]+(?:-[a-z]+)*)",'
)


def test_every_code_is_stable_and_its_own() -> None:
    errors = [rule.code for rule in RULES.values() if rule.severity == "error"]
    warnings = [rule.code for rule in RULES.values() if rule.severity == "warning"]
    assert errors == [f"LK{number:03}" for number in range(1, len(errors) + 1)]
    assert warnings == [f"LK{number}" for number in range(101, 101 + len(warnings))]
    assert tuple(warnings) == get_args(WarningCode)
    assert [rule.code for rule in RULES.values()] == errors + warnings
    assert code_text("unknown-key") == "LK003"
    assert code_text("a-plugins-own") == "a-plugins-own"


def test_every_rule_is_in_a_file_of_its_name_and_says_what_to_do() -> None:
    for name, rule in RULES.items():
        path = PACKAGE / "rules" / f"{name.replace('-', '_')}.py"
        assert path.read_text(encoding="utf-8").startswith(f'"""{rule.code}: {rule.title}."""')
        what, do = rule.text.strip().split("\n\n")
        assert what.endswith(".")
        assert do.endswith(".")


def test_every_problem_that_is_raised_has_a_rule() -> None:
    found: set[str] = set()
    for path in PACKAGE.glob("**/*.py"):
        found |= set(CODE.findall(path.read_text(encoding="utf-8")))
    assert {"wrong-value", "unknown-name", "shape", "duplicate-name", "no-match"} <= found
    assert found <= RULES.keys()
