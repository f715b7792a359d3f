"""A dense layer does what PyTorch's ``Linear`` does, on every step of a sequence."""

from __future__ import annotations

import pytest
import torch

from layerkit.arrays import Shape
from layerkit.builtin.dense import DenseConfig
from tests.parity.one_layer import DTYPES, Tensors, compare

UNITS = 4


@DTYPES
@pytest.mark.parametrize("shape", [(7,), (5, 3), (2, 5, 3)])
@pytest.mark.parametrize("bias", [True, False])
def test_dense(shape: Shape, bias: bool, dtype: str) -> None:
    def theirs(x: torch.Tensor, params: Tensors) -> torch.Tensor:
        return torch.nn.functional.linear(x, params["weight"].T, params.get("bias"))

    compare(DenseConfig(units=UNITS, bias=bias), shape, dtype, theirs)


@DTYPES
def test_dense_with_ntk_parametrization(dtype: str) -> None:
    """PyTorch has none; the same is written out with its functions."""

    def theirs(x: torch.Tensor, params: Tensors) -> torch.Tensor:
        return x @ params["weight"] / 7**0.5 + params["bias"]

    compare(DenseConfig(units=UNITS, parametrization="ntk"), (7,), dtype, theirs)
