from __future__ import annotations

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.dropout import DropoutConfig
from layerkit.builtin.embedding import EmbeddingConfig
from layerkit.builtin.flatten import FlattenConfig
from layerkit.builtin.parallel import Parallel, ParallelConfig
from layerkit.builtin.tanh import TanhConfig
from layerkit.contracts.layer import LayerConfig
from layerkit.testing.build import build_layer
from layerkit.testing.layer import check_layer
from tests.helpers.specs import problems, small_plan

COMBINE = ["add", "concat", "multiply"]


def parallel(combine: str, *branches: tuple[LayerConfig, ...]) -> ParallelConfig:
    return ParallelConfig.model_validate({"branches": branches, "combine": combine})


@pytest.mark.parametrize("combine", COMBINE)
@pytest.mark.parametrize(
    "branches",
    [
        ((DenseConfig(units=4), TanhConfig()), (DenseConfig(units=4),)),
        ((DropoutConfig(),), (TanhConfig(),), ()),
        ((DenseConfig(units=4),),),
    ],
)
def test_keeps_the_contract_of_layers(
    combine: str, branches: tuple[tuple[LayerConfig, ...], ...]
) -> None:
    check_layer(parallel(combine, *branches), input_shape=(4,))


@pytest.mark.parametrize("combine", COMBINE)
def test_keeps_the_contract_of_layers_on_ids(combine: str) -> None:
    branch = (EmbeddingConfig(ids=5, units=3), TanhConfig())
    check_layer(parallel(combine, branch, branch), input_shape=(4,))


def test_joins_branches_of_different_widths() -> None:
    branches = ((DenseConfig(units=1),), (), (DenseConfig(units=5), DropoutConfig()))
    check_layer(parallel("concat", *branches), input_shape=(3,))
    assert parallel("concat", *branches).plan((3,)).output == (9,)


def test_combines_element_by_element_or_along_the_last_axis() -> None:
    x = np.array([[[1.0, 2.0], [3.0, 4.0]]])
    bent = np.tanh(x)
    for combine, expected in (
        ("add", x + bent),
        ("multiply", x * bent),
        ("concat", np.concatenate([x, bent], axis=-1)),
    ):
        layer = build_layer(parallel(combine, (), (TanhConfig(),)), input_shape=(2, 2))
        assert np.array_equal(layer.forward(x, training=True), expected)


def test_gradients_of_a_product_are_those_worked_out_by_hand() -> None:
    layer = build_layer(parallel("multiply", (), (), ()), input_shape=(2,))
    assert layer.forward(np.array([[2.0, 3.0]]), training=True).tolist() == [[8, 27]]
    dx = layer.backward(np.array([[1.0, 10.0]]))
    assert dx is not None
    assert dx.tolist() == [[12, 270]]


def test_layers_are_called_by_branch_and_name() -> None:
    layers = (
        "layers=[{type='parallel', branches=[[{type='dense', units=3}], "
        "[{type='dense', units=4}, {type='dense', units=3, name='end'}]]}]"
    )
    assert [path for path, _ in small_plan(layers).params() if path.endswith("weight")] == [
        "parallel_1.branch_1_dense_1.weight",
        "parallel_1.branch_2_dense_1.weight",
        "parallel_1.branch_2_end.weight",
    ]


def embedding(padding_id: int | None) -> EmbeddingConfig:
    return EmbeddingConfig(ids=5, units=3, padding_id=padding_id)


def masked(*branches: tuple[LayerConfig, ...], combine: str = "add") -> Array | None:
    """Return the mask of some branches on three steps with the ids 0, 1 and 2."""
    config = parallel(combine, *branches)
    layer = build_layer(config, input_shape=(3,), wants_input_grad=False)
    assert isinstance(layer, Parallel)
    layer.forward(np.array([[0.0, 1.0, 2.0]]), training=False)
    mask = layer.mask
    return None if mask is None else mask[:1]


def test_a_step_counts_if_it_counts_in_every_branch_that_has_a_mask() -> None:
    for first, second, expected in (
        (0, 0, [[0, 1, 1]]),
        (0, 2, [[0, 1, 0]]),
        (None, 2, [[1, 1, 0]]),
        (1, None, [[1, 0, 1]]),
    ):
        mask = masked((embedding(first),), (embedding(second),))
        assert mask is not None
        assert mask.tolist() == expected
    assert masked((embedding(None),), (embedding(None),)) is None


def test_what_is_no_sequence_any_more_has_no_mask() -> None:
    flat = (FlattenConfig(),)
    assert masked((embedding(0), *flat), (embedding(1), *flat), combine="concat") is None


def test_one_mask_of_the_input_passes_through() -> None:
    mask = np.ones((4, 3))
    config = parallel("add", (TanhConfig(),), ())
    assert build_layer(config, input_shape=(3, 2), mask=mask).mask is mask


def test_reads_as_many_ids_as_every_branch_does() -> None:
    few, many = EmbeddingConfig(ids=5, units=3), EmbeddingConfig(ids=9, units=3)
    assert parallel("add", (many,), (few,)).vocabulary() == 5
    assert parallel("add", (TanhConfig(),), ()).vocabulary() is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            "branches=[[{type='dense', units=3}], ['tanh', {type='dense', units=4}]]",
            "layers.1.branches.1: parallel with combine = 'add' expects every branch to put out "
            "(3,), as branches.0 does; found (4,) (end all branches alike)",
        ),
        (
            "branches=[['tanh'], [{type='dense', units=8}, {type='lstm', units=3}]]",
            "layers.1.branches.1.1: lstm expects sequences of features, shape (time, n); "
            "found (8,) (the shape (8,) comes from layers.1.branches.1.0, dense_1)",
        ),
        (
            "branches=[['tanh'], [{type='lstm', units=3}]]",
            "layers.1.branches.1.0: lstm expects sequences of features, shape (time, n); "
            "found (2,) (the shape (2,) comes from the data)",
        ),
        (
            "branches=[['tanh'], [{type='dense', units=0}]]",
            "layers.1.branches.1.0.units: expected a number above 0, found 0",
        ),
        ("branches=[]", "layers.1.branches: expected at least 1, found none"),
        (
            "branches=[[{type='dense', units=3}], [{type='tanh', name='a'}, "
            "{type='dense', units=3, name='a'}]]",
            "layers.1.branches.1.1.name: expected a name of its own, found 'a', which "
            "layers.1.branches.1.0 has",
        ),
        (
            "branches=[['tanh'], [{type='embedding', ids=3, units=3}]]",
            "layers.1.branches.1.0: parallel expects all branches to read ids, or none; found "
            "embedding, which does, beside one that reads numbers (put it before the parallel "
            "layer, or begin every branch with one)",
        ),
    ],
)
def test_what_does_not_fit_is_told_by_its_path(options: str, said: str) -> None:
    assert problems(f"layers=['tanh', {{type='parallel', {options}}}]") == [said]
