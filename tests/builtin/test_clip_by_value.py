from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.clip_by_value import ClipByValueConfig
from layerkit.testing.build import build_gradient_transform
from layerkit.testing.gradient_transform import check_gradient_transform


@pytest.mark.parametrize("limit", [1e-3, 1.0, 100.0])
def test_keeps_the_contract_of_gradient_transforms(limit: float) -> None:
    check_gradient_transform({"type": "clip_by_value", "limit": limit})


def test_every_element_ends_within_the_limit() -> None:
    one, other = np.array([-3.0, 0.5]), np.array([[2.0], [-2.0], [np.inf]])
    build_gradient_transform(ClipByValueConfig(limit=2)).apply([one, other], 1)
    assert one.tolist() == [-2.0, 0.5]
    assert other.reshape(-1).tolist() == [2.0, -2.0, 2.0]


def test_a_limit_is_above_zero() -> None:
    with pytest.raises(ValidationError, match="limit"):
        ClipByValueConfig(limit=0)
