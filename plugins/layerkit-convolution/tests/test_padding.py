from __future__ import annotations

from itertools import product

import pytest
from layerkit_convolution.padding import Padding, both, pad
from layerkit_convolution.windows import Slide
from pydantic import BaseModel, ValidationError


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


def test_one_number_stands_for_both_axes() -> None:
    assert both(2) == (2, 2)
    assert both((0, 2)) == (0, 2)


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
