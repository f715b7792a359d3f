from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.channel_products import ChannelProducts
from layerkit_convolution.conv2d import Conv2dConfig
from layerkit_convolution.window_products import WindowProducts
from layerkit_convolution.windows import Slide

from layerkit.plugin import LayerContext, generator
from layerkit.testing.build import build_layer


def context_for(images: int) -> LayerContext:
    some_layer = Conv2dConfig(filters=1, kernel_size=1)
    return build_layer(some_layer, input_shape=(1, 1, 1), batch_size=images).context


@pytest.mark.parametrize(
    "slides",
    [
        (Slide(5, 3, 1), Slide(4, 2, 1)),
        (Slide(5, 3, 2, 1, 1), Slide(4, 3, 1, 2, 0)),
        (Slide(5, 2, 1, 2, 1, spacing=2), Slide(4, 2, 1, 1, 0, spacing=3)),
        (Slide(7, 2, 2, 1, 1, dilation=3), Slide(4, 2, 1, dilation=2)),
        (Slide(90, 3, 1, 1, 1), Slide(80, 3, 1, 1, 1)),  # larger than a chunk
    ],
)
def test_does_what_products_of_windows_in_groups_do(slides: tuple[Slide, Slide]) -> None:
    rows, columns = slides
    images = 5 if rows.length < 10 else 20
    context = context_for(images)
    ours = ChannelProducts(slides, 3, context)
    theirs = WindowProducts(slides, 3, 3, 3, context)
    rng = generator(0, "arrays")
    for each, other in ((ours.kernel, theirs.kernel), (ours.bias, theirs.bias)):
        each[...] = rng.normal(size=each.shape)
        other[...] = each
    for count in (images, 2):
        x = rng.normal(size=(count, rows.length, columns.length, 3))
        dy = rng.normal(size=(count, rows.count, columns.count, 3))
        found, expected = np.full_like(dy, np.nan), np.full_like(dy, np.nan)
        ours.of(x, found)
        theirs.of(x, expected)
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
        ours.find_gradient(x, dy)
        theirs.find_gradient(x, dy)
        pairs = ((ours.kernel_grad, theirs.kernel_grad), (ours.bias_grad, theirs.bias_grad))
        for grad, expected_grad in pairs:
            np.testing.assert_allclose(grad, expected_grad, rtol=1e-11, atol=1e-11)
