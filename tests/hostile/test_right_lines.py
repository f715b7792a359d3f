"""Every single-character deletion in a shipped spec is told at the right line, or is no error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spec.right_lines import PAGE, SPECS, count_deletions, count_renamed_keys, row

every_spec = pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
STALE = "run 'python -m tests.spec.right_lines --write'"


@every_spec
def test_a_lost_character_is_told_at_its_line(path: Path) -> None:
    found = count_deletions(path)
    assert not found.astray
    assert found.errors > len(path.read_text(encoding="utf-8")) / 6
    page = PAGE.read_text(encoding="utf-8")
    assert row(path.name, "character lost", found) in page, STALE


@every_spec
def test_a_key_with_another_letter_is_told_at_its_line(path: Path) -> None:
    found = count_renamed_keys(path)
    assert not found.astray
    assert found.errors == found.tried > 7
    assert row(path.name, "key renamed", found) in PAGE.read_text(encoding="utf-8"), STALE
