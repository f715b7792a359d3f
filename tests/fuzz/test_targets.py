"""The targets of the fuzzer take what it begins with, and what it once found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.targets import seeds, targets

FINDS = sorted((Path(__file__).parent / "finds").glob("[!.]*.*"))
NAMES = [*targets(Path())]


@pytest.mark.parametrize("name", NAMES)
def test_a_target_takes_what_it_begins_with(name: str, tmp_path: Path) -> None:
    target, count = targets(tmp_path)[name], 0
    for content in seeds(name):
        target(content)
        target(content[: len(content) // 2])
        count += 1
    assert count > 0


@pytest.mark.parametrize("path", FINDS, ids=lambda path: path.name)
def test_what_was_found_is_mended(path: Path, tmp_path: Path) -> None:
    name = path.suffix.removeprefix(".")
    assert name in NAMES
    targets(tmp_path)[name](path.read_bytes())
