"""A few bad components of every kind, by runs; ``make bad-components`` tries all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.bad_components.case import Case
from tests.bad_components.cases import CASES
from tests.bad_components.trials import Trials, trials
from tests.helpers.proof import PRINTED

OF_A_KIND = 3


def some() -> list[Case]:
    """Return a few cases of every kind, evenly from all of them."""
    kinds = [
        [case for case in CASES if case.kind == kind] for kind in {each.kind for each in CASES}
    ]
    return [case for each in kinds for case in each[:: -(-len(each) // OF_A_KIND)]]


SOME = sorted(some(), key=lambda case: case.name)


@pytest.fixture(scope="module")
def trying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trials]:
    """Return what tries the cases, with all of them installed."""
    with trials(SOME, tmp_path_factory.mktemp("trials")) as started:
        yield started


def test_bad_components_of_every_kind_are_handled(
    trying: Trials, record_property: Callable[[str, object], None]
) -> None:
    mistakes = {case.name: found for case in SOME if (found := trying.mistakes(case))}
    tried = f"{len(SOME)} of {len(CASES)} bad components tried, {len(mistakes)} mishandled"
    record_property(PRINTED, f"layerkit run: {tried}; 'make bad-components' tries all")
    assert mistakes == {}
