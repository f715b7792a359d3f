from __future__ import annotations

import re

import pytest

from layerkit.contracts.kinds import KINDS
from layerkit.errors import UsageError
from layerkit.new_plugin.kinds import PLUGIN_KINDS, plugin_kind


def test_a_plugin_can_have_every_kind_of_component() -> None:
    assert {each.kind for each in PLUGIN_KINDS} == {*KINDS}


@pytest.mark.parametrize("noun", ["gradient transform", "gradient_transform"])
def test_a_kind_is_found_with_a_space_or_an_underscore(noun: str) -> None:
    assert plugin_kind(noun).template == "gradient_transform"


def test_an_unknown_kind_is_refused_with_the_nearest_or_with_all() -> None:
    with pytest.raises(UsageError, match=r"no kind 'laeyr' \(did you mean 'layer'\?\)"):
        plugin_kind("laeyr")
    with pytest.raises(UsageError, match=re.escape("no kind 'zzz' (kinds are activation, layer, ")):
        plugin_kind("zzz")
