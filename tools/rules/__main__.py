"""Writes the messages of all examples and the page of every rule, for ``make docs``."""

from __future__ import annotations

from pathlib import Path

from layerkit.rules import RULES
from layerkit.rules.example import example
from tools.rules.pages import pages
from tools.rules.said import said_of, said_of_example

ROOT = Path(__file__).resolve().parent.parent.parent
TYPICAL = ROOT / "tests" / "rules" / "typical"


def main() -> None:
    """Write them."""
    for rule in RULES.values():
        path = ROOT / "layerkit" / "rules" / "examples" / f"{rule.code}.txt"
        path.write_text(said_of_example(rule, example(rule)), encoding="utf-8")
    for spec in TYPICAL.glob("*.toml"):
        said = said_of(spec.read_text(encoding="utf-8"))
        spec.with_suffix(".txt").write_text(said, encoding="utf-8")
    for name, text in pages().items():
        (ROOT / "docs" / "rules" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
