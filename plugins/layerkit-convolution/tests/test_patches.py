from __future__ import annotations

import numpy as np
import pytest
from layerkit_convolution.conv2d import Conv2dConfig
from layerkit_convolution.patches import Patches
from layerkit_convolution.windows import Slide

from layerkit.plugin import Array, LayerContext, generator
from layerkit.testing.build import build_layer


def place_for(images: Array) -> LayerContext:
    some_layer = Conv2dConfig(filters=1, kernel_size=1)
    return build_layer(some_layer, input_shape=(1, 1, 1), batch_size=len(images)).context


def patches_of(rows: Slide, columns: Slide, images: Array) -> tuple[Array, list[int]]:
    """Return all patches of some images, and how many images were laid out at a time."""
    patches = Patches(rows, columns, images.shape[-1], place_for(images))
    found: Array = np.full((len(images), patches.positions, patches.values), np.nan)
    sizes: list[int] = []
    for stretch, part in patches.of(images):
        assert np.isnan(found[stretch]).all()
        found[stretch] = part[0]
        sizes.append(part.shape[1])
    return found, sizes


def test_a_patch_is_what_a_window_sees_row_by_row_and_a_one() -> None:
    image = np.arange(1.0, 7.0).reshape(1, 2, 3, 1)
    found, _ = patches_of(Slide(2, 2, 1), Slide(3, 2, 1), image)
    assert found.tolist() == [[[1, 2, 4, 5, 1], [2, 3, 5, 6, 1]]]


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (Slide(5, 3, 1), Slide(4, 2, 1)),
        (Slide(5, 2, 2), Slide(4, 3, 1)),
        (Slide(5, 3, 1, 1, 1), Slide(4, 3, 2, 0, 1)),
        (Slide(5, 3, 1, 2, 1, spacing=2), Slide(4, 2, 1, 1, 0, spacing=3)),
        (Slide(5, 2, 2, 1, 1, dilation=3), Slide(4, 2, 1, dilation=2)),
    ],
)
def test_patches_are_those_found_one_by_one(rows: Slide, columns: Slide, channels: int) -> None:
    images = generator(0, "images").normal(size=(3, rows.length, columns.length, channels))
    padded = np.zeros((3, rows.padded, columns.padded, channels))
    padded[:, rows.elements, columns.elements] = images
    found, _ = patches_of(rows, columns, images)
    for n in range(3):
        for position in range(rows.count * columns.count):
            i, j = divmod(position, columns.count)
            top, left = i * rows.stride, j * columns.stride
            seen = padded[
                n,
                top : top + rows.reach : rows.dilation,
                left : left + columns.reach : columns.dilation,
            ]
            assert found[n, position].tolist() == [*seen.reshape(-1).tolist(), 1]


@pytest.mark.parametrize("groups", [2, 4])
def test_every_group_of_channels_is_laid_out_for_itself(groups: int) -> None:
    images = generator(0, "images").normal(size=(2, 5, 4, 4))
    rows, columns = Slide(5, 3, 2, 1, 1), Slide(4, 2, 1)
    patches = Patches(rows, columns, 4, place_for(images), groups)
    ((stretch, found),) = list(patches.of(images))
    assert stretch == slice(0, 2)
    assert len(found) == groups
    for group, each in enumerate(found):
        own = images[..., group * 4 // groups : (group + 1) * 4 // groups]
        expected, _ = patches_of(rows, columns, own)
        assert np.array_equal(each, expected)


def test_a_large_batch_is_laid_out_in_stretches_that_stay_small() -> None:
    images = generator(0, "images").normal(size=(40, 33, 33, 1))
    rows = Slide(33, 3, 1, 1, 1)
    found, sizes = patches_of(rows, rows, images)
    assert len(sizes) > 1
    assert sum(sizes) == len(images)
    assert max(sizes) * found[0].size * 4 <= 2**20
    for n in (0, sizes[0] - 1, sizes[0], 39):
        alone, _ = patches_of(rows, rows, images[n : n + 1])
        assert np.array_equal(found[n], alone[0])


def test_an_image_larger_than_a_stretch_goes_alone() -> None:
    _, sizes = patches_of(Slide(300, 3, 1), Slide(300, 3, 1), np.zeros((2, 300, 300, 1)))
    assert sizes == [1, 1]


@pytest.mark.parametrize("count", [3, 40])
def test_patches_of_the_same_images_again_are_the_same(count: int) -> None:
    images = generator(0, "images").normal(size=(count, 33, 33, 1))
    patches = Patches(Slide(33, 3, 1), Slide(33, 3, 1), 1, place_for(images))
    first = [(rows, some.copy()) for rows, some in patches.of(images)]
    second = list(patches.again(images))
    assert [rows for rows, _ in first] == [rows for rows, _ in second]
    assert np.array_equal(first[-1][1], second[-1][1])
    assert (len(first) == 1) == (count <= patches.chunk)
