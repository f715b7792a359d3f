"""What SECURITY.md quotes is of as many cases as there are."""

from __future__ import annotations

import re
from pathlib import Path

from tests.hostile.cases import cases
from tests.hostile.plugins import plugin_cases

PAGE = Path(__file__).parents[2] / "SECURITY.md"


def test_the_page_has_the_numbers_of_cases_and_that_none_is_mishandled() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^(specs|plugins) +(\d+) +(\d+) ", text)
    expected = [("specs", len([*cases()]), 0), ("plugins", len([*plugin_cases()]), 0)]
    again = "run 'python -m tests.hostile', and put what it prints into SECURITY.md"
    assert [(what, int(count), int(wrong)) for what, count, wrong in rows] == expected, again
