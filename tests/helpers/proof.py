"""Counts the wrong components that the kit catches, and the right ones that it accepts.

A test with the marker ``wrong_component`` expects that the kit catches a component, by the check
that should; one with ``right_component`` that the kit accepts it. The component is the test's
parameter, or the marker's argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from layerkit.component import Config
from layerkit.contracts.kinds import KINDS
from layerkit.display.format import count

WRONG, RIGHT = "wrong_component", "right_component"
MARKERS = (WRONG, RIGHT)
PRINTED = "printed"
"""The property of a test that is a line to be printed with the tests."""


def components_of(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """Yield the marker, and kind and options, of every component that a test tries."""
    for marker in MARKERS:
        mark = item.get_closest_marker(marker)
        if mark is None:
            continue
        found = [each for each in (*mark.args, *_parameters(item)) if isinstance(each, Config)]
        if not found:
            raise ValueError(f"{item.nodeid}: expected a component, as a parameter or {marker}(it)")
        for config in found:
            yield marker, f"{kind_of(config)}\n{type(config).__module__} {config!r}"


def _parameters(item: pytest.Item) -> Iterable[object]:
    if isinstance(item, pytest.Function) and item.get_closest_marker("parametrize"):
        return item.callspec.params.values()
    return ()


def kind_of(config: Config) -> str:
    """Return the kind of a component, such as ``layer``."""
    return next(kind.noun for kind in KINDS if isinstance(config, kind.config))


def summary(reports: Iterable[pytest.TestReport]) -> Iterator[str]:
    """Yield how many components were tried and judged rightly; nothing if none was."""
    tried: dict[str, set[str]] = {marker: set() for marker in MARKERS}
    failed: dict[str, set[str]] = {marker: set() for marker in MARKERS}
    for report in reports:
        for marker, component in report.user_properties:
            if marker == PRINTED:
                yield str(component)
            if marker in tried:
                tried[marker].add(str(component))
                if report.failed:
                    failed[marker].add(str(component))
    if not any(tried.values()):
        return
    kinds = {component.partition("\n")[0] for component in tried[WRONG]}
    yield (
        f"layerkit.testing: {count(len(tried[WRONG]), 'wrong component')} of "
        f"{count(len(kinds), 'kind')} tried, "
        f"{len(failed[WRONG])} not caught by the check that should; "
        f"{len(tried[RIGHT])} right ones, {len(failed[RIGHT])} rejected"
    )
