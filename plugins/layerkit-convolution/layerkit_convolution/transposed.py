"""Windows of transposed convolutions, and what they ask of the numbers in a spec."""

from __future__ import annotations

from layerkit.plugin import Shape, ShapeError, problem
from layerkit_convolution.padding import Counts, Padding, StepPadding, pad
from layerkit_convolution.windows import ONE_ROW, Size, Slide, both


def transposed_slide(
    length: int, window: int, stride: int, padding: StepPadding, more: int, dilation: int
) -> Slide:
    """Return the windows over an output of which there is one for each of ``length`` inputs.

    Parameters
    ----------
    length
        Of the input.
    window, stride, dilation
        Of the windows.
    padding
        How much is taken off either end of the output; ``"valid"`` for nothing, ``"same"`` for
        what leaves ``length * stride``.
    more
        How many elements are added at the output's end.
    """
    if padding == "same":
        return pad(Slide(length * stride, window, stride, dilation=dilation), "same")
    zeros = 0 if padding == "valid" else padding
    reach = (window - 1) * dilation + 1
    output = (length - 1) * stride + reach - 2 * zeros + more
    return Slide(output, window, stride, zeros, zeros, dilation=dilation)


def overlap(slide: Slide) -> int:
    """Return the most windows that an element of the output lies in."""
    return -(-slide.window // slide.stride)


def check_output(what: str, x: Shape, rows: Slide, columns: Slide) -> None:
    """Check that padding leaves something of the output.

    Raises
    ------
    ShapeError
        If it does not.
    """
    if rows.length >= 1 and columns.length >= 1:
        return
    found = (
        f"{columns.length} steps"
        if rows == ONE_ROW
        else f"{rows.length} by {columns.length} pixels"
    )
    raise ShapeError(
        f"{what} expects padding that leaves at least one element of its output on every axis; "
        f"found an output of {found} for {x}",
        hint="make padding smaller, or kernel_size or stride larger",
    )


def check_output_padding(more: Counts, stride: Size, padding: Padding) -> None:
    """Check that every element that is added to an output could be part of it.

    Raises
    ------
    ValueError
        If one could not.
    """
    strides, counts = both(stride), both(more)
    if padding == "same" and counts != (0, 0):
        raise problem(
            "wrong-value",
            f"expected no output_padding with padding = 'same', found {more}",
            "with 'same' the output has the input's size times the stride",
        )
    if counts[0] >= strides[0] or counts[1] >= strides[1]:
        raise problem(
            "wrong-value",
            f"expected output_padding less than the stride {stride}, found {more}",
            "the input would be too short for such an output",
        )
