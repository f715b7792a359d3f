"""``reshape``, ``permute`` and ``alpha_dropout`` do what PyTorch's do."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from layerkit.builtin.alpha_dropout import AlphaDropoutConfig
from layerkit.builtin.permute import PermuteConfig
from layerkit.builtin.reshape import ReshapeConfig
from layerkit.testing.build import build_layer


def test_reshape_and_permute() -> None:
    x = np.random.default_rng(0).normal(size=(4, 2, 3, 6))
    reshape = build_layer(ReshapeConfig(shape=(4, -1)), input_shape=(2, 3, 6))
    permute = build_layer(PermuteConfig(axes=(2, 0, 1)), input_shape=(2, 3, 6))
    theirs = torch.from_numpy(x)
    np.testing.assert_array_equal(
        reshape.forward(x, training=True), torch.nn.Unflatten(1, (4, 9))(theirs.flatten(1)).numpy()
    )
    np.testing.assert_array_equal(
        permute.forward(x, training=True), theirs.permute(0, 3, 1, 2).numpy()
    )


@pytest.mark.parametrize("rate", [0.125, 0.5])
def test_alpha_dropout_leaves_the_same_values_where_it_drops_and_where_it_does_not(
    rate: float,
) -> None:
    """Masks are drawn by each on its own: what is compared is what comes of both outcomes."""
    x = np.full((4, 1000), 0.75)
    layer = build_layer(AlphaDropoutConfig(rate=rate), input_shape=(1000,))
    leaf = torch.from_numpy(x).requires_grad_()
    outputs = torch.nn.AlphaDropout(rate).double()(leaf)
    outputs.sum().backward()
    found = np.unique(layer.forward(x, training=True))
    np.testing.assert_allclose(found, np.unique(outputs.detach().numpy()), rtol=1e-12)
    dx = layer.backward(np.ones_like(x))
    assert dx is not None
    assert leaf.grad is not None
    np.testing.assert_allclose(np.unique(dx), np.unique(leaf.grad.numpy()), rtol=1e-12)
