from __future__ import annotations

import numpy as np

from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.dropout import DropoutConfig
from layerkit.builtin.embedding import EmbeddingConfig
from layerkit.testing.expect import expect_all_same
from layerkit.testing.layer_case import LayerCase
from layerkit.testing.sampling import FLOAT32


def test_parameters_are_random_and_the_same_every_time() -> None:
    case = LayerCase(DenseConfig(units=3), (7,), (1, 5), seed=0)
    values = case.build(5).values()
    assert sorted(values) == ["parameter 'bias'", "parameter 'weight'"]
    assert all(value.all() for value in values.values())
    expect_all_same(values, case.build(2).values())


def test_another_seed_gives_other_inputs_and_parameters() -> None:
    first, second = (LayerCase(DenseConfig(units=3), (7,), (1, 5), seed) for seed in (0, 1))
    assert not np.array_equal(first.inputs(5), second.inputs(5))
    assert not any(
        np.array_equal(ours, theirs)
        for ours, theirs in zip(
            first.build(5).values().values(), second.build(5).values().values(), strict=True
        )
    )


def test_forward_draws_the_same_mask_every_time() -> None:
    case = LayerCase(DropoutConfig(rate=0.5), (7,), (5,), seed=0)
    built, x = case.build(5), case.inputs(5)
    first = built.forward(x)
    assert np.count_nonzero(first == 0) > 0
    assert np.array_equal(first, built.forward(x))


def test_every_array_of_the_place_has_the_dtype_asked_for() -> None:
    case = LayerCase(DenseConfig(units=3), (7,), (5,), seed=0)
    context = case.build(5, dtype=FLOAT32).layer.context
    assert context.input_grad is not None
    arrays = [context.input_grad, *(p.value for p in context.params.values())]
    arrays += [p.grad for p in context.params.values()]
    assert {array.dtype for array in arrays} == {FLOAT32}


def test_inputs_of_a_layer_that_reads_ids_are_ids_without_a_gradient() -> None:
    case = LayerCase(EmbeddingConfig(ids=3, units=2), (7,), (5,), seed=0)
    x = case.inputs(5, dtype=FLOAT32)
    assert x.dtype == FLOAT32
    assert sorted(set(x.reshape(-1).tolist())) == [0, 1, 2]
    built = case.build(5)
    assert built.layer.context.input_grad is None
    computed = built.train(x, case.output_gradient(5))
    assert sorted(computed) == ["gradient of 'weight'", "loss added", "outputs"]
