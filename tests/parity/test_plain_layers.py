"""Layers without an own kind of arithmetic, and composites, beside functions of PyTorch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from layerkit.arrays import Shape
from tests.parity.one_layer import (
    BATCH,
    DTYPES,
    Tensors,
    assert_close,
    build,
    compare,
    compare_step,
    draw,
    draw_gradient,
)

Table = dict[str, object]


@DTYPES
def test_reshape_flatten_and_permute(dtype: str) -> None:
    shape = (2, 3, 6)
    table: Table = {"type": "reshape", "shape": [4, -1]}
    compare(table, shape, dtype, lambda x, _: x.flatten(1).unflatten(1, (4, 9)))
    compare("flatten", shape, dtype, lambda x, _: x.flatten(1))
    table = {"type": "permute", "axes": [2, 0, 1]}
    compare(table, shape, dtype, lambda x, _: x.permute(0, 3, 1, 2))


@DTYPES
@pytest.mark.parametrize("shape", [(5,), (3, 5)])
def test_columns(shape: Shape, dtype: str) -> None:
    columns = [3, 0, 3]
    table: Table = {"type": "columns", "columns": columns}
    compare(table, shape, dtype, lambda x, _: x[..., columns])


@DTYPES
@pytest.mark.parametrize("shape", [(5,), (3, 5)])
def test_scale(shape: Shape, dtype: str) -> None:
    compare("scale", shape, dtype, lambda x, params: x * params["scale"])


@DTYPES
@pytest.mark.parametrize("factor", [1.0, 100.0])
@pytest.mark.parametrize("bound", [3.0, 0.5])
def test_smooth_clip(bound: float, factor: float, dtype: str) -> None:
    """PyTorch has none; the paper's formula."""
    layer = build({"type": "smooth_clip", "bound": bound}, (7,), dtype)
    x = factor * draw(dtype, BATCH, 7)
    compare_step(layer, lambda x, _: x / (1 + (x / bound) ** 2).sqrt(), x.astype(dtype))


@DTYPES
@pytest.mark.parametrize("shape", [(5,), (4, 5)])
def test_activity_regularization_adds_to_the_loss(shape: Shape, dtype: str) -> None:
    """PyTorch has none; the penalty is written out, and added to a loss."""
    l1, l2 = 0.3, 0.7
    table: Table = {"type": "activity_regularization", "l1": l1, "l2": l2}
    layer = build(table, shape, dtype)
    x, dy = draw(dtype, BATCH, *shape), draw_gradient(dtype, BATCH, *shape)
    x[0] = 0
    inputs = torch.tensor(x, requires_grad=True)
    penalty = (l1 * inputs.abs().sum() + l2 / 2 * inputs.square().sum()) / BATCH
    ((inputs * torch.from_numpy(dy)).sum() + penalty).backward()
    added = layer.context.memory.added_loss
    added.start(BATCH)
    assert_close(layer.forward(x, training=True), inputs)
    assert_close(layer.backward(dy.copy()), inputs.grad)
    assert added.total == pytest.approx(penalty.item(), rel=1e-12 if dtype == "float64" else 1e-5)


@DTYPES
def test_masking_passes_on_what_is_no_padding(dtype: str) -> None:
    """PyTorch has none; padding counts as 0 and gets no gradient."""
    layer = build({"type": "masking", "value": -1.0}, (4, 3), dtype)
    x = draw(dtype, BATCH, 4, 3)
    x[:, 3], x[2, 1], x[3, 1, 0] = -1, -1, -1
    counts = torch.from_numpy((x != -1).any(axis=-1))
    compare_step(layer, lambda x, _: torch.where(counts[..., None], x, 0), x)
    assert_close(layer.mask, counts.to(torch.from_numpy(x).dtype))


INNER: list[object] = [{"type": "dense", "units": 5}, "tanh"]


def inner(x: Tensor, params: Tensors, path: str) -> Tensor:
    return torch.tanh(x @ params[f"{path}.weight"] + params[f"{path}.bias"])


@DTYPES
@pytest.mark.parametrize("shape", [(5,), (3, 5)])
def test_residual(shape: Shape, dtype: str) -> None:
    table: Table = {"type": "residual", "layers": INNER}
    compare(table, shape, dtype, lambda x, params: x + inner(x, params, "dense_1"))


@DTYPES
def test_sequential_repeated(dtype: str) -> None:
    table: Table = {"type": "sequential", "layers": INNER, "repeat": 2}
    compare(
        table,
        (5,),
        dtype,
        lambda x, params: inner(inner(x, params, "dense_1"), params, "dense_2"),
    )


@DTYPES
@pytest.mark.parametrize("shape", [(5,), (3, 5)])
@pytest.mark.parametrize(
    ("combine", "theirs"),
    [
        ("add", lambda a, b, c: a + b + c),
        ("multiply", lambda a, b, c: a * b * c),
        ("concat", lambda a, b, c: torch.cat((a, b, c), dim=-1)),
    ],
    ids=["add", "multiply", "concat"],
)
def test_parallel(
    combine: str, theirs: Callable[[Tensor, Tensor, Tensor], Tensor], shape: Shape, dtype: str
) -> None:
    table: Table = {"type": "parallel", "branches": [INNER, [], ["tanh"]], "combine": combine}

    def of_torch(x: Tensor, params: Tensors) -> Tensor:
        return theirs(inner(x, params, "branch_1_dense_1"), x, torch.tanh(x))

    compare(table, shape, dtype, of_torch)


DROPPED = -1.0507009873554805 * 1.6732632423543772


@DTYPES
@pytest.mark.parametrize("rate", [0.125, 0.5])
def test_dropout_with_a_shared_mask(rate: float, dtype: str) -> None:
    """The mask is read off what the layer makes of ones; PyTorch's formula is written out."""
    layer = build({"type": "dropout", "rate": rate}, (40,), dtype)
    mask = mask_of("dropout", rate, (40,), dtype)
    assert 0 < mask.sum() < mask.numel()
    compare_step(layer, lambda x, _: x * mask / (1 - rate), draw(dtype, BATCH, 40))


@DTYPES
@pytest.mark.parametrize("shape", [(4, 30), (3, 2, 30)])
def test_spatial_dropout_with_a_shared_mask(shape: Shape, dtype: str) -> None:
    layer = build({"type": "spatial_dropout", "rate": 0.25}, shape, dtype)
    mask = mask_of("spatial_dropout", 0.25, shape, dtype)
    channels = mask.flatten(1, -2)
    assert 0 < mask.sum() < mask.numel()
    assert (channels == channels[:, :1]).all()
    compare_step(layer, lambda x, _: x * mask / 0.75, draw(dtype, BATCH, *shape))


def mask_of(name: str, rate: float, shape: Shape, dtype: str) -> Tensor:
    """Return the mask that a layer draws at first, from a second one that is alike."""
    twin = build({"type": name, "rate": rate}, shape, dtype)
    ones = np.ones((BATCH, *shape), dtype)
    return torch.from_numpy(twin.forward(ones, training=True) != 0)


@DTYPES
@pytest.mark.parametrize("rate", [0.125, 0.5])
def test_alpha_dropout_with_a_shared_mask(rate: float, dtype: str) -> None:
    """The formula of the paper, with the mask read off a gradient of ones."""
    twin = build({"type": "alpha_dropout", "rate": rate}, (40,), dtype)
    ones = np.ones((BATCH, 40), dtype)
    twin.forward(ones, training=True)
    kept = twin.backward(ones.copy())
    assert kept is not None
    mask = torch.from_numpy(kept != 0)
    assert 0 < mask.sum() < mask.numel()
    a = ((1 - rate) * (1 + rate * DROPPED**2)) ** -0.5
    b = -a * rate * DROPPED
    layer = build({"type": "alpha_dropout", "rate": rate}, (40,), dtype)
    x = draw(dtype, BATCH, 40)
    compare_step(layer, lambda x, _: a * torch.where(mask, x, DROPPED) + b, x)


@pytest.mark.parametrize("rate", [0.125, 0.5])
def test_alpha_dropout_leaves_the_values_that_torch_does(rate: float) -> None:
    """Masks are drawn by each on its own: what is compared is what comes of both outcomes."""
    x = np.full((BATCH, 1000), 0.75)
    layer = build({"type": "alpha_dropout", "rate": rate}, (1000,), "float64")
    leaf = torch.from_numpy(x).requires_grad_()
    outputs = functional.alpha_dropout(leaf, rate, training=True)
    outputs.sum().backward()
    found = np.unique(layer.forward(x, training=True))
    np.testing.assert_allclose(found, np.unique(outputs.detach().numpy()), rtol=1e-12)
    dx = layer.backward(np.ones_like(x))
    assert dx is not None
    assert leaf.grad is not None
    np.testing.assert_allclose(np.unique(dx), np.unique(leaf.grad.numpy()), rtol=1e-12)


@DTYPES
@pytest.mark.parametrize("shape", [(40,), (3, 7)])
def test_gaussian_noise_with_shared_noise(shape: Shape, dtype: str) -> None:
    """What the layer makes of zeros is the noise."""
    table: Table = {"type": "gaussian_noise", "deviation": 0.3}
    twin = build(table, shape, dtype)
    noise = torch.from_numpy(twin.forward(np.zeros((BATCH, *shape), dtype), training=True))
    assert noise.std().item() == pytest.approx(0.3, rel=0.2)
    compare_step(build(table, shape, dtype), lambda x, _: x + noise, draw(dtype, BATCH, *shape))


@DTYPES
@pytest.mark.parametrize("shape", [(40,), (3, 7)])
def test_gaussian_dropout_with_shared_noise(shape: Shape, dtype: str) -> None:
    """What the layer makes of ones is the noise, of mean 1 and variance ``rate / (1 - rate)``."""
    table: Table = {"type": "gaussian_dropout", "rate": 0.2}
    twin = build(table, shape, dtype)
    noise = torch.from_numpy(twin.forward(np.ones((BATCH, *shape), dtype), training=True))
    assert noise.std().item() == pytest.approx(0.5, rel=0.2)
    compare_step(build(table, shape, dtype), lambda x, _: x * noise, draw(dtype, BATCH, *shape))
