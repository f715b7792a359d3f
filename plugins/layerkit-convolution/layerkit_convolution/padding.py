"""Zeros around images."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from annotated_types import Ge
from pydantic import Strict

from layerkit_convolution.windows import Slide

Count: TypeAlias = Annotated[int, Ge(0)]
Counts: TypeAlias = Count | Annotated[tuple[Count, Count], Strict(strict=False)]
"""Zeros above and below, and left and right; one number stands for both."""
Padding: TypeAlias = Literal["valid", "same"] | Counts


def both(zeros: Counts) -> tuple[int, int]:
    """Return both numbers."""
    return (zeros, zeros) if isinstance(zeros, int) else zeros


def pad(slide: Slide, padding: Literal["valid", "same"] | int) -> Slide:
    """Return windows over the same axis with zeros at its ends.

    Parameters
    ----------
    slide
        Windows without padding.
    padding
        How many zeros at either end; ``"valid"`` for none; ``"same"`` for as many as make one
        window for every stride, an odd one at the end.
    """
    if padding == "valid":
        return slide
    if padding == "same":
        count = -(-slide.length // slide.stride)
        zeros = max((count - 1) * slide.stride + slide.window - slide.length, 0)
        return Slide(slide.length, slide.window, slide.stride, zeros // 2, zeros - zeros // 2)
    return Slide(slide.length, slide.window, slide.stride, padding, padding)
