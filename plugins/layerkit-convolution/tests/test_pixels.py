from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.pixels import copy_pixels

from layerkit.plugin import Array, generator


def images(channels: int) -> Array:
    return generator(0, "images").normal(size=(2, 6, 8, channels))


@pytest.mark.parametrize("channels", [1, 3, 16])
def test_strided_images_are_copied_to_and_fro(channels: int) -> None:
    every_other = images(channels)[:, ::2, 1::2]
    packed: Array = np.zeros(every_other.shape)
    copy_pixels(every_other, packed)
    assert np.array_equal(packed, every_other)
    target: Array = np.zeros((2, 6, 8, channels))
    copy_pixels(packed, target[:, ::2, 1::2])
    assert np.array_equal(target[:, ::2, 1::2], every_other)
    assert np.count_nonzero(target) == every_other.size


def test_channels_may_lie_apart() -> None:
    turned = images(3).transpose(0, 3, 2, 1)
    packed: Array = np.zeros(turned.shape)
    copy_pixels(turned, packed)
    assert np.array_equal(packed, turned)
