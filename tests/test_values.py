from __future__ import annotations

import pytest

from layerkit.values import is_list, is_table, is_tuple


@pytest.mark.parametrize(
    ("value", "expected"), [({}, "table"), ([], "list"), ((), "tuple"), ("", ""), (None, "")]
)
def test_parsed_values_are_told_apart(value: object, expected: str) -> None:
    kinds = {"table": is_table(value), "list": is_list(value), "tuple": is_tuple(value)}
    assert [name for name, holds in kinds.items() if holds] == ([expected] if expected else [])
