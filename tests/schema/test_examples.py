from __future__ import annotations

import pytest

from layerkit.component import Config, Kind
from layerkit.contracts.kinds import KINDS
from layerkit.registry import installed
from layerkit.schema.examples import example_of

COMPONENTS = [(kind, name) for kind in KINDS for name in installed().names(kind)]


@pytest.mark.parametrize(("kind", "name"), COMPONENTS, ids=[name for _, name in COMPONENTS])
def test_every_component_has_an_example_that_validates(kind: Kind[Config], name: str) -> None:
    config = installed().load(kind, name)
    table = example_of(config, installed())
    assert table is not None
    assert table["type"] == name
    assert config.model_validate(table).display_name == name


def test_a_field_says_what_to_show() -> None:
    config = installed().load(KINDS[0], "dense")
    assert example_of(config, installed()) == {"type": "dense", "units": 64, "bias": True}
