from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.sparse import Sparse, SparseConfig
from layerkit.contracts.initializer import Fan
from layerkit.randomness import generator
from layerkit.testing.initializer import check_initializer


def test_keeps_the_contract_of_initializers() -> None:
    check_initializer("sparse")
    check_initializer(SparseConfig(connections=100, deviation=0.1))


def test_every_unit_has_as_many_connections_as_given() -> None:
    out = np.zeros((50, 400))
    Sparse(SparseConfig(connections=6, deviation=0.5)).fill(out, Fan(50, 400), generator(0, "t"))
    np.testing.assert_array_equal(np.count_nonzero(out, axis=0), np.full(400, 6))
    assert out[out != 0].std() == pytest.approx(0.5, rel=0.05)
    uses = np.count_nonzero(out, axis=1)
    assert 20 < uses.min() <= uses.max() < 80


def test_a_unit_with_fewer_inputs_has_all_of_them() -> None:
    out = np.zeros((3, 5))
    Sparse(SparseConfig(connections=9)).fill(out, Fan(3, 5), generator(0, "test"))
    assert np.count_nonzero(out) == 15


def test_there_is_at_least_one_connection() -> None:
    with pytest.raises(ValidationError, match="connections"):
        SparseConfig(connections=0)
