from __future__ import annotations

from itertools import product

import pytest
from layerkit_convolution.padding import Padding, by_axis, check_padding, pad
from layerkit_convolution.windows import Slide
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError


class Padded(BaseModel, strict=True):
    padding: Padding


@pytest.mark.parametrize("padding", ["valid", "same", 0, 2])
def test_a_spec_gives_a_word_or_a_number(padding: object) -> None:
    assert Padded.model_validate({"padding": padding}).padding == padding


def test_a_spec_gives_two_numbers_as_a_list() -> None:
    assert Padded.model_validate({"padding": [0, 1]}).padding == (0, 1)


@pytest.mark.parametrize("padding", ["full", -1, True, 1.0, [1], [1, -1], None])
def test_anything_else_is_refused(padding: object) -> None:
    with pytest.raises(ValidationError, match="padding"):
        Padded.model_validate({"padding": padding})


def test_a_word_or_one_number_stands_for_both_axes() -> None:
    assert by_axis("same") == ("same", "same")
    assert by_axis(2) == (2, 2)
    assert by_axis((0, 2)) == (0, 2)


def test_valid_is_no_padding_and_a_number_is_for_either_end() -> None:
    assert pad(Slide(5, 3, 2), "valid") == Slide(5, 3, 2)
    assert pad(Slide(5, 3, 2), 2) == Slide(5, 3, 2, before=2, after=2)


def test_same_makes_a_window_for_every_stride_with_as_few_zeros_as_do() -> None:
    for length, window, stride in product(range(1, 9), range(1, 6), range(1, 5)):
        slide = pad(Slide(length, window, stride), "same")
        assert slide.count == -(-length // stride)
        assert 0 <= slide.after - slide.before <= 1
        assert slide.after < window
        if slide.after > 0:
            shorter = Slide(length, window, stride, slide.before, slide.after - 1)
            assert shorter.count < slide.count


def test_causal_windows_end_where_they_would_begin() -> None:
    slide = pad(Slide(6, 3, 2, dilation=2), "causal")
    assert (slide.before, slide.after, slide.count) == (4, 0, 3)


def test_windows_that_are_spread_need_more_padding_to_stay_the_same() -> None:
    slide = pad(Slide(7, 3, 1, dilation=2), "same")
    assert (slide.before, slide.after, slide.count) == (2, 2, 7)


@pytest.mark.parametrize(("padding", "dilation"), [(2, 1), (4, 2), (0, 1), ("same", 1)])
def test_padding_is_less_than_the_windows_reach(padding: Padding, dilation: int) -> None:
    check_padding(padding, 3, dilation)


def test_padding_as_wide_as_the_windows_is_refused() -> None:
    with pytest.raises(PydanticCustomError, match="less padding than the windows' size 3, found 3"):
        check_padding(3, 3)
    with pytest.raises(PydanticCustomError, match=r"size \(3, 5\), found \(0, 5\)"):
        check_padding((0, 5), (2, 3), 2)
