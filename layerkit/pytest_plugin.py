"""What pytest prints of the suites of `layerkit.testing` when it ends: how many checks it ran."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

CHECKED = "layerkit check"
"""The property of a test that is a check: the distribution, and the component on a second line."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line for every distribution whose components were checked."""
    outcomes: dict[str, Counter[str]] = {}
    components: dict[str, set[str]] = {}
    for outcome in ("passed", "failed", "xfailed", "xpassed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                if name == CHECKED and report.when == "call":
                    distribution, _, component = str(value).partition("\n")
                    outcomes.setdefault(distribution, Counter())[outcome] += 1
                    components.setdefault(distribution, set()).add(component)
    for distribution, counts in sorted(outcomes.items()):
        figures = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
        count = len(components[distribution])
        terminalreporter.write_line(
            f"{distribution}: {counts.total()} checks of {count} "
            f"{'component' if count == 1 else 'components'}: {figures}"
        )
