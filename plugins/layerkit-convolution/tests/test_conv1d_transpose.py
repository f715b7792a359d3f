from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.conv1d_transpose import Conv1dTransposeConfig
from pydantic import ValidationError

from layerkit.plugin import Fan, ShapeError
from layerkit.testing import check_layer
from layerkit.testing.build import build_layer


@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 3},
        {"kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1},
        {"kernel_size": 3, "stride": 2, "padding": "same", "groups": 2},
        {"kernel_size": 2, "dilation": 2, "stride": 3, "parametrization": "ntk"},
    ],
)
def test_keeps_the_contract_of_layers(options: dict[str, object]) -> None:
    check_layer({"type": "conv1d_transpose", "filters": 4, **options}, input_shape=(5, 4))


def test_spreads_every_step_over_a_window_and_adds_up_what_overlaps() -> None:
    config = Conv1dTransposeConfig(filters=1, kernel_size=3, stride=2, bias=False)
    layer = build_layer(config, input_shape=(2, 1), batch_size=1)
    layer.context.params["weight"].value[...] = np.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)
    y = layer.forward(np.array([[[1.0], [10.0]]]), training=True)
    assert y.reshape(-1).tolist() == [1, 2, 13, 20, 30]


def test_a_step_counts_where_the_one_that_it_comes_from_does() -> None:
    config = Conv1dTransposeConfig(filters=1, kernel_size=3, stride=2, bias=False)
    mask = np.array([[1.0, 0.0]])
    layer = build_layer(config, input_shape=(2, 1), batch_size=1, mask=mask)
    layer.context.params["weight"].value[...] = np.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)
    y = layer.forward(np.array([[[1.0], [10.0]]]), training=True)
    assert y.reshape(-1).tolist() == [1, 2, 3, 0, 0]
    assert layer.mask is not None
    assert layer.mask.tolist() == [[1, 1, 0, 0, 0]]
    dx = layer.backward(np.ones((1, 5, 1)))
    assert dx is not None
    assert dx.reshape(-1).tolist() == [6, 0]


def test_plans_the_inputs_that_reach_an_output() -> None:
    plan = Conv1dTransposeConfig(filters=8, kernel_size=5, stride=2, padding=1).plan((5, 6))
    assert plan.output == (11, 8)
    assert plan.params["weight"].shape == (5, 8, 6)
    assert plan.params["weight"].fan == Fan(3 * 6, 5 * 8)


def test_refuses_what_it_cannot_work_on() -> None:
    with pytest.raises(ShapeError, match="conv1d_transpose expects sequences, shape"):
        Conv1dTransposeConfig(filters=1, kernel_size=3).plan((9, 9, 4))
    with pytest.raises(ShapeError, match=r"found an output of -1 steps for \(1, 3\)"):
        Conv1dTransposeConfig(filters=2, kernel_size=3, padding=2).plan((1, 3))
    with pytest.raises(ValidationError, match="expected output_padding less than the stride 1"):
        Conv1dTransposeConfig(filters=2, kernel_size=3, output_padding=1)
