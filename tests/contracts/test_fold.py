from __future__ import annotations

import pytest

from layerkit.contracts.fold import Fold
from layerkit.spec.dumping import to_toml
from layerkit.spec.loading import parse_spec
from tests.helpers.specs import problems, small_spec


@pytest.mark.parametrize("written", ['"3/10"', "3/10", "{number = 3, of = 10}"])
def test_a_fold_is_written_as_a_text_or_as_a_table(written: str) -> None:
    spec = small_spec(f"data.fold={written}")
    assert spec.data.fold == Fold(number=3, of=10)
    assert parse_spec(to_toml(spec)) == spec


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("11/10", "data.fold: expected a fold from 1 to 10, found 11"),
        ("0/10", "data.fold: expected a number above 0, found 0"),
        ("1/1", "data.fold: expected a number from 2, found 1"),
        ("3-10", "data.fold: expected a fold such as '3/10', the third of ten, found '3-10'"),
        ("3", "data.fold: expected a fold such as '3/10', the third of ten, found 3"),
        ("{number=1}", "data.fold.of: required key 'of' is missing"),
    ],
)
def test_what_is_no_fold_is_told(written: str, said: str) -> None:
    assert problems(f"data.fold={written}") == [said]
