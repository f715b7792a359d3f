from __future__ import annotations

import numpy as np
from layerkit_sequence.steps import Padding, Steps, rows

from layerkit.builtin.tanh import TanhConfig
from layerkit.plugin import Array
from layerkit.testing.build import build_layer


def test_memory_of_fewer_examples_has_no_gaps() -> None:
    context = build_layer(TanhConfig(), batch_size=8).context
    steps = Steps(context, 3, 2, extra=1)
    few = steps.of(5)
    assert few.shape == (4, 5, 2)
    assert few.flags.c_contiguous
    assert np.shares_memory(rows(few), few)
    assert rows(few).shape == (20, 2)


def test_no_steps_need_no_memory() -> None:
    context = build_layer(TanhConfig(), batch_size=8).context
    assert Steps(context, 0, 2, extra=1).of(8).size == 0


def test_padding_is_where_the_mask_is_0() -> None:
    mask: Array = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    padding = Padding(
        build_layer(TanhConfig(), input_shape=(3, 2), batch_size=3, mask=mask).context, 3
    )
    is_padding = padding.read(2)
    assert is_padding is not None
    assert is_padding[:, :, 0].T.tolist() == [[False, False, True], [False, True, True]]
    again = padding.of(2)
    assert again is not None
    assert np.array_equal(again, is_padding)


def test_without_a_mask_nothing_is_padding() -> None:
    assert Padding(build_layer(TanhConfig()).context, 3).read(2) is None
