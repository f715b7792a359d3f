"""Writes the pages and plots of all components, for ``make docs``."""

from __future__ import annotations

import shutil

from tools.components.pages import pages
from tools.packaging.distributions import ROOT

PAGES = ROOT / "docs" / "components"


def main() -> None:
    """Write them; what is no longer registered goes."""
    found = pages()
    shutil.rmtree(PAGES, ignore_errors=True)
    for name, text in found.items():
        path = PAGES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
