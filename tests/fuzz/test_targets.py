"""The targets of the fuzzer take what it begins with, and what it once found."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from layerkit.spec.models import ModelSpec
from tests.fuzz.targets import seeds, targets

FINDS = sorted((Path(__file__).parent / "finds").glob("*.*"))
NAMES = [*targets(Path())]


@pytest.mark.parametrize("name", NAMES)
def test_a_target_takes_what_it_begins_with(name: str, tmp_path: Path) -> None:
    target, count = targets(tmp_path)[name], 0
    for content in seeds(name):
        target(content)
        target(content[: len(content) // 2])
        count += 1
    assert count > 0


def test_what_was_found_is_mended(tmp_path: Path) -> None:
    for path in FINDS:
        targets(tmp_path)[path.suffix.removeprefix(".")](path.read_bytes())


def test_what_is_no_error_of_the_input_is_a_find(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = targets(tmp_path)["toml"]
    monkeypatch.setattr(ModelSpec, "model_validate", failing)
    with pytest.raises(ZeroDivisionError):
        target(b"seed = 1")


def failing(*_: object, **__: object) -> NoReturn:
    raise ZeroDivisionError
