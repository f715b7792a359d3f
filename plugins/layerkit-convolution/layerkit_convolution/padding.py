"""Zeros around images, and at the ends of sequences."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from annotated_types import Ge
from pydantic import Strict

from layerkit.plugin import Shape, problem
from layerkit_convolution.windows import ONE_ROW, Size, Slide, both

Count: TypeAlias = Annotated[int, Ge(0)]
Counts: TypeAlias = Count | Annotated[tuple[Count, Count], Strict(strict=False)]
"""Zeros of both axes, or at both ends of one; one number stands for both."""
Padding: TypeAlias = Literal["valid", "same"] | Counts
StepPadding: TypeAlias = Literal["valid", "same"] | Count
CausalPadding: TypeAlias = Literal["valid", "same", "causal"] | Count


def by_axis(padding: Padding) -> tuple[StepPadding, StepPadding]:
    """Return the padding above and below, and that left and right."""
    return (padding, padding) if isinstance(padding, str) else both(padding)


def pad(slide: Slide, padding: CausalPadding) -> Slide:
    """Return windows over the same axis with zeros at its ends.

    Parameters
    ----------
    slide
        Windows without padding.
    padding
        How many zeros at either end; ``"valid"`` for none; ``"same"`` for as many as make one
        window for every stride, an odd one at the end; ``"causal"`` for as many at the start as let
        windows end where without padding they would begin.
    """
    if padding == "valid":
        return slide
    if padding == "causal":
        before, after = slide.reach - 1, 0
    elif padding == "same":
        count = -(-slide.length // slide.stride)
        zeros = max((count - 1) * slide.stride + slide.reach - slide.length, 0)
        before, after = zeros // 2, zeros - zeros // 2
    else:
        before = after = padding
    return Slide(slide.length, slide.window, slide.stride, before, after, dilation=slide.dilation)


def image_slides(
    x: Shape, size: Size, stride: Size, padding: Padding, dilation: Size = 1
) -> tuple[Slide, Slide]:
    """Return windows down and across images ``(height, width, channels)``."""
    lengths, strides, dilations = map(both, (size, stride, dilation))
    down, across = by_axis(padding)
    return (
        pad(Slide(x[0], lengths[0], strides[0], dilation=dilations[0]), down),
        pad(Slide(x[1], lengths[1], strides[1], dilation=dilations[1]), across),
    )


def step_slides(
    x: Shape, size: int, stride: int, padding: CausalPadding, dilation: int = 1
) -> tuple[Slide, Slide]:
    """Return windows over sequences ``(time, channels)``, taken for images of one row."""
    return ONE_ROW, pad(Slide(x[0], size, stride, dilation=dilation), padding)


def check_padding(padding: Padding | CausalPadding, size: Size, dilation: Size = 1) -> None:
    """Check that every window sees more than padding.

    Raises
    ------
    ValueError
        If one would not.
    """
    if isinstance(padding, str):
        return
    lengths, dilations, zeros = both(size), both(dilation), both(padding)
    reach = ((lengths[0] - 1) * dilations[0] + 1, (lengths[1] - 1) * dilations[1] + 1)
    if zeros[0] >= reach[0] or zeros[1] >= reach[1]:
        least, found = (
            (reach[0], zeros[0])
            if isinstance(size, int) and isinstance(dilation, int) and isinstance(padding, int)
            else (reach, zeros)
        )
        raise problem(
            "wrong-value",
            f"expected less padding than the windows' size {least}, found {found}",
            "windows further out would see nothing but zeros",
        )
