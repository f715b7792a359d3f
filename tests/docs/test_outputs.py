"""Files and outputs of commands that pages show are what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.pages import ROOT, documentation_pages, load_refresh

refresh = load_refresh()


@pytest.mark.parametrize(
    "page", documentation_pages(), ids=lambda page: str(page.relative_to(ROOT))
)
def test_files_and_outputs_in_the_page_are_up_to_date(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert refresh.refreshed(text) == text, "run 'make docs'"
