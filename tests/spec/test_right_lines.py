"""Every single-character deletion in a shipped spec is told at the right line, or is no error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layerkit.plan.network import plan_network
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.loading import parse_document, validate
from layerkit.spec.source import Format

ROOT = Path(__file__).parent.parent.parent
SPECS = sorted((ROOT / "specs").iterdir())


def refusal(text: str, form: Format) -> SpecError | None:
    try:
        document = parse_document(text, form, "S", ROOT / "specs")
        plan_network(validate(document), document.source)
    except SpecError as error:
        return error
    return None


def lines_named(error: SpecError) -> set[int]:
    """Return the lines that an error points at, those of causes too."""
    return {int(found) for found in re.findall(r"^S:(\d+):\d+: ", str(error), re.MULTILINE)}


def right_lines(text: str, at: int) -> set[int]:
    """Return where a person would look for what was deleted."""
    line = text.count("\n", 0, at) + 1
    if text[at] == "\n":
        return {line - 1, line, line + 1}
    if text[at] in "]}":
        return {line, opening_line(text, at)}
    return {line}


def opening_line(text: str, at: int) -> int:
    depth = 0
    for before in range(at - 1, -1, -1):
        depth += (text[before] in "]}") - (text[before] in "[{")
        if depth < 0:
            return text.count("\n", 0, before) + 1
    raise AssertionError(text)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_a_lost_character_is_told_at_its_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    form: Format = "json" if path.suffix == ".json" else "toml"
    errors, astray = 0, list[str]()
    for at, character in enumerate(text):
        if character in " \t":
            continue
        error = refusal(text[:at] + text[at + 1 :], form)
        if error is None:
            continue
        errors += 1
        lacks_key = any(problem.code == "missing-key" for problem in error.problems)
        if not (lines_named(error) & right_lines(text, at) or lacks_key):
            astray.append(f"without {character!r} at {at}: {error}")
    assert not astray
    assert errors > len(text) / 6


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_a_key_with_another_letter_is_told_at_its_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    form: Format = "json" if path.suffix == ".json" else "toml"
    keys = re.compile(r'"(\w+)":' if form == "json" else r"(?<![\w\"#])(\w+) =")
    renamed = 0
    for found in keys.finditer(re.sub(r"#.*", lambda each: " " * len(each[0]), text)):
        at = found.start(1) + len(found[1]) // 2
        error = refusal(f"{text[:at]}Q{text[at + 1 :]}", form)
        assert error is not None, found[0]
        assert lines_named(error) & right_lines(text, at), str(error)
        renamed += 1
    assert renamed > 7
