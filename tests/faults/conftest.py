from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from pydantic import TypeAdapter

from tests.faults.counts import Count, Counts, seeds_text, table
from tests.faults.scenarios import POLICIES, Scenarios
from tests.faults.tracing import strace_problem
from tests.faults.workshop import Workshop, working

_COUNTS, _SEEDS = "counts of faults", "faults of our own"


_COUNTED = TypeAdapter(dict[str, tuple[int, dict[str, int]]])
_FOUND = TypeAdapter(dict[str, bool])


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="try many more faults")


def pytest_configure() -> None:
    problem = strace_problem()
    if problem is not None:
        raise pytest.UsageError(problem)


@pytest.fixture(scope="session")
def is_long(request: pytest.FixtureRequest) -> bool:
    """Return whether the long form was asked for."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with working(tmp_path_factory.mktemp("workshop")) as started:
        yield started


@pytest.fixture(scope="session")
def scenarios(workshop: Workshop) -> dict[str, Scenarios]:
    """Return scenarios for every checkpoint policy."""
    return {name: Scenarios(workshop, *policy) for name, policy in POLICIES.items()}


@pytest.fixture
def counts(record_property: Callable[[str, object], None]) -> Iterator[Counts]:
    """Return what a test counts in; it becomes part of the table at the end."""
    counted = Counts()
    yield counted
    kinds = {kind: [each.tried, dict(each.mistakes)] for kind, each in counted.kinds.items()}
    record_property(_COUNTS, kinds)
    record_property(_SEEDS, counted.seeds)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    kinds: dict[str, Count] = {}
    seeds: dict[str, bool] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport) and report.when == "teardown":
                properties = dict(report.user_properties)
                _add(kinds, properties.get(_COUNTS, {}))
                seeds |= _FOUND.validate_python(properties.get(_SEEDS, {}))
    lines = table(dict(sorted(kinds.items()))) if kinds else []
    lines += [seeds_text(seeds)] if seeds else []
    if lines:
        terminalreporter.section("faults")
        for line in lines:
            terminalreporter.write_line(line)


def _add(kinds: dict[str, Count], counted: object) -> None:
    for kind, (tried, mistakes) in _COUNTED.validate_python(counted).items():
        count = kinds.setdefault(kind, Count())
        count.tried += tried
        count.mistakes += Counter(mistakes)
