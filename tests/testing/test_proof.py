"""How much the kit is proved by: wrong components of every kind, and right ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.contracts.kinds import KINDS
from tests.helpers.proof import RIGHT, WRONG, components_of


def test_there_are_wrong_components_of_every_kind(request: pytest.FixtureRequest) -> None:
    here = Path(__file__).parent
    items = [item for item in request.session.items if item.path.parent == here]
    if {item.path for item in items} != {*here.glob("test_*.py")}:
        pytest.skip("needs all tests of this directory")
    found = {component for item in items for component in components_of(item)}
    wrong = [component for marker, component in found if marker == WRONG]
    right = [component for marker, component in found if marker == RIGHT]
    assert {each.partition("\n")[0] for each in wrong} == {kind.noun for kind in KINDS}
    assert len(wrong) >= 270
    assert len(right) >= 30
