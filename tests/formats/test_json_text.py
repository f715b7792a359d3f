from __future__ import annotations

import math

import numpy as np
import pytest

from layerkit.errors import PluginError
from layerkit.formats.json_text import json_text
from tests.helpers.strict_json import parsed


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (math.nan, None),
        (-math.inf, None),
        (np.float32(math.inf), None),
        (np.float32(0.5), 0.5),
        (np.float64(0.1), 0.1),
        (np.int64(3), 3),
        (True, True),
        (None, None),
        ((1, [2.0, "\udcff"]), [1, [2.0, "\udcff"]]),
    ],
)
def test_json_has_what_the_value_has_and_null_for_what_is_not_finite(
    value: object, written: object
) -> None:
    assert parsed(json_text({"a": value})) == {"a": written}
    assert parsed(json_text([value], indent=2)) == [written]


def test_what_json_has_no_word_for_is_refused_with_its_place() -> None:
    with pytest.raises(
        PluginError, match=r"^cannot write data\.1\.names as JSON: .*, found set; a component"
    ):
        json_text({"data": [1, {"names": {"a"}}]})
