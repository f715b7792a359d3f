from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from layerkit_convolution.windows import (
    ONE_ROW,
    Size,
    Slide,
    both,
    check_fits,
    check_image,
    check_positions,
    check_sequence,
    numbers_for,
)
from pydantic import BaseModel, ValidationError

from layerkit.plugin import ShapeError


class Sized(BaseModel, strict=True):
    size: Size


def some_slides() -> list[Slide]:
    ranges = (range(1, 6), range(1, 4), range(1, 4), range(3), range(3), (1, 2), (1, 2))
    slides = [Slide(*each) for each in product(*ranges)]
    return [
        slide
        for slide in slides
        if slide.count >= 1 and slide.before < slide.reach and slide.after < slide.reach
    ]


def test_one_number_stands_for_both() -> None:
    assert both(3) == (3, 3)
    assert both((3, 5)) == (3, 5)


def test_a_spec_gives_two_numbers_as_a_list() -> None:
    assert Sized.model_validate({"size": [3, 5]}).size == (3, 5)


@pytest.mark.parametrize("size", [0, -1, 2.0, True, "3", [3], [3, 0], [1, 2, 3]])
def test_sizes_are_integers_from_one(size: object) -> None:
    with pytest.raises(ValidationError, match="size"):
        Sized.model_validate({"size": size})


@pytest.mark.parametrize(
    ("slide", "count"),
    [
        (Slide(5, 5, 1), 1),
        (Slide(5, 3, 1), 3),
        (Slide(5, 3, 2), 2),
        (Slide(6, 3, 2), 2),
        (Slide(6, 3, 4), 1),
        (Slide(5, 3, 2, before=1, after=1), 3),
        (Slide(2, 3, 1, before=1), 1),
        (Slide(3, 2, 1, spacing=2), 4),
        (Slide(7, 3, 1, dilation=2), 3),
        (Slide(7, 3, 2, 1, 1, dilation=3), 2),
    ],
)
def test_there_are_as_many_windows_as_fit(slide: Slide, count: int) -> None:
    assert slide.count == count


def test_elements_and_windows_lie_where_they_do_when_written_out() -> None:
    slide = Slide(3, window=3, stride=2, before=1, after=2, spacing=2)
    axis = np.zeros(slide.padded, np.int64)
    axis[slide.elements] = [7, 8, 9]
    assert axis.tolist() == [0, 7, 0, 8, 0, 9, 0, 0]
    windows = [axis[slide.at(offset)].tolist() for offset in range(3)]
    assert windows == [[0, 0, 0], [7, 8, 9], [0, 0, 0]]


def test_windows_tile_where_each_element_lies_in_one() -> None:
    for slide in some_slides():
        if slide.dilation > 1:
            continue
        seen = np.zeros(slide.padded, np.int64)
        for offset in range(slide.window):
            seen[slide.at(offset)] += 1
        assert slide.tiles == bool(np.all(seen == 1))


def test_reversed_windows_hold_the_windows_that_an_element_lies_in() -> None:
    for slide in some_slides():
        if slide.spacing > 1:
            continue
        back = slide.reversed()
        assert back.count == slide.length
        number = np.full(back.padded, -1)
        number[back.elements] = np.arange(slide.count)
        for element, offset in product(range(slide.length), range(slide.window)):
            start = slide.before + element - offset * slide.dilation
            window, rest = divmod(start, slide.stride)
            lies_in = window if rest == 0 and 0 <= window < slide.count else -1
            assert number[back.at(slide.window - 1 - offset)][element] == lies_in


@pytest.mark.parametrize("shape", [(), (784,), (28, 28), (2, 28, 28, 1)])
def test_an_image_has_three_axes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"conv2d expects images, shape \(height, width, chan"):
        check_image("conv2d", shape)
    check_image("conv2d", (28, 28, 1))


def test_a_sequence_has_two_axes() -> None:
    check_sequence("conv1d", (9, 4))
    with pytest.raises(
        ShapeError, match=r"conv1d expects sequences, shape \(time, channels\); fou"
    ):
        check_sequence("conv1d", (9, 4, 1))


def test_some_layers_take_both_and_some_whatever_has_positions() -> None:
    assert numbers_for("upsample", "factor", 2, (9, 4)) == (2,)
    assert numbers_for("upsample", "factor", 2, (9, 9, 4)) == (2, 2)
    assert numbers_for("upsample", "factor", (2, 3), (9, 9, 4)) == (2, 3)
    check_positions("spatial_dropout", (2, 9, 9, 4))
    with pytest.raises(ShapeError, match=r"or sequences, shape \(time, channels\); found \(9,\)"):
        numbers_for("upsample", "factor", 2, (9,))
    with pytest.raises(ShapeError, match=r"with at least two axes; found \(9,\)"):
        check_positions("spatial_dropout", (9,))


def test_a_window_fits_into_a_sequence() -> None:
    with pytest.raises(ShapeError, match="of at least 5 steps, the size of its windows; found 4"):
        check_fits("conv1d", ONE_ROW, Slide(4, 5, 1))


def test_a_window_fits_into_an_image() -> None:
    check_fits("conv2d", Slide(3, 3, 1), Slide(4, 3, 1))
    with pytest.raises(ShapeError, match=r"at least 3 by 6, the size of .* found 3 by 5 with padd"):
        check_fits("conv2d", Slide(3, 3, 1), Slide(4, 6, 2, after=1))
