from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.proof import MARKERS, components_of, summary


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a directory that modules are imported from."""
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return tmp_path


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the markers of components that the kit is tried on."""
    gc.disable()  # while thousands of tests are collected, to look at again and again
    for marker in MARKERS:
        config.addinivalue_line("markers", f"{marker}(*configs): see tests/helpers/proof.py")


def pytest_collection_finish() -> None:
    """Collect garbage again, but of what tests make alone."""
    gc.freeze()
    gc.enable()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note which components a test tries the kit on."""
    item.user_properties.extend(components_of(item))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many components the kit was tried on."""
    for line in summary(_calls(terminalreporter)):
        terminalreporter.write_line(line)


def _calls(reporter: pytest.TerminalReporter) -> Iterator[pytest.TestReport]:
    for outcome in ("passed", "failed"):
        for report in reporter.getreports(outcome):
            if report.when == "call" and isinstance(report, pytest.TestReport):
                yield report
