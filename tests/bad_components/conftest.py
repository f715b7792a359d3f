from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bad_components.cases import CASES, RIGHT
from tests.bad_components.trials import Trials, trials


@pytest.fixture(scope="session")
def trying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trials]:
    """Return what tries cases, with all of them installed."""
    with trials((*CASES, *RIGHT), tmp_path_factory.mktemp("trials")) as started:
        yield started
