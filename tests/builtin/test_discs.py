from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.discs import DiscsConfig
from layerkit.testing.dataset import check_dataset


@pytest.mark.parametrize("table", [{}, {"labels": 1}, {"test_examples": 0}])
def test_keeps_the_contract_of_datasets(table: dict[str, object]) -> None:
    check_dataset({"type": "discs", **table})


def test_a_larger_radius_only_adds_labels() -> None:
    small, large = (DiscsConfig(radius=radius).build().load().train for radius in (0.3, 0.9))
    np.testing.assert_array_equal(small.inputs, large.inputs)
    assert np.all(np.asarray(small.targets) <= np.asarray(large.targets))
    assert 0 < np.sum(small.targets) < np.sum(large.targets)


def test_a_point_can_have_several_labels_and_none() -> None:
    counts = np.asarray(DiscsConfig().build().load().train.targets).sum(axis=1)
    assert counts.min() == 0
    assert counts.max() >= 2


def test_the_radius_is_above_zero() -> None:
    with pytest.raises(ValidationError, match="radius"):
        DiscsConfig(radius=0)
