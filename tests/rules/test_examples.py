"""Every rule's example breaks it, and its message and its page are what is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from layerkit.rules import RULES
from layerkit.rules.example import example, message
from layerkit.rules.rule import Rule
from tests.helpers.commands import here
from tools.rules.pages import page, pages
from tools.rules.said import said_of, said_of_example

TYPICAL = sorted((Path(__file__).parent / "typical").glob("*.toml"))
PAGES = Path(__file__).parent.parent.parent / "docs" / "rules"

every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)


@every_rule
def test_the_example_of_a_rule_breaks_it_and_gets_its_message(rule: Rule) -> None:
    said = said_of_example(rule, example(rule))
    assert said == message(rule), "run 'make docs'"
    assert f" {rule.severity}[{rule.code}]: " in said.splitlines()[0]


@every_rule
def test_a_message_only_suggests_in_its_help(rule: Rule) -> None:
    first, *others = message(rule).splitlines()
    assert not any(word in first for word in ("did you mean", "remove", "try "))
    assert rule.severity == "error" or any(line.startswith("help: ") for line in others)


@pytest.mark.parametrize("path", TYPICAL, ids=lambda path: path.stem)
def test_a_typical_mistake_is_told_with_its_mend(path: Path) -> None:
    said = said_of(path.read_text(encoding="utf-8"))
    assert said == path.with_suffix(".txt").read_text(encoding="utf-8"), "run 'make docs'"
    assert "\nhelp: " in said


def test_there_are_ten_typical_mistakes() -> None:
    assert len(TYPICAL) == 10


def test_every_page_is_generated_and_there_is_no_other() -> None:
    expected = pages()
    found = {path.name: path.read_text(encoding="utf-8") for path in PAGES.iterdir()}
    assert found == expected, "run 'make docs'"


def test_a_page_changes_with_its_rule() -> None:
    rule = RULES["unknown-key"]
    assert page(replace(rule, title="something else")) != page(rule)


def test_a_rule_is_explained_by_code_or_name(capsys: pytest.CaptureFixture[str]) -> None:
    by_code, by_name = here(capsys, "rule", "lk103"), here(capsys, "rule", "squashed-logits")
    assert by_code == by_name
    assert by_code.code == 0
    assert by_code.out.startswith("LK103 squashed-logits (warning): ")
    assert "    spec.toml:1:82: warning[LK103]: layers.3: tanh keeps" in by_code.out
    assert 'silence = ["LK103"]' in by_code.out


def test_all_rules_are_listed_and_an_unknown_one_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    listed = here(capsys, "rule")
    assert listed.code == 0
    assert all(rule.code in listed.out and rule.title in listed.out for rule in RULES.values())
    unknown = here(capsys, "rule", "unknown-kee")
    assert (unknown.code, unknown.out) == (2, "")
    assert "found 'unknown-kee' (did you mean 'unknown-key'?)" in unknown.err
