"""Windows that slide over images and sequences: how many there are, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from annotated_types import Gt
from pydantic import Strict

from layerkit.plugin import Shape, ShapeError

Length: TypeAlias = Annotated[int, Gt(0)]
Size: TypeAlias = Length | Annotated[tuple[Length, Length], Strict(strict=False)]
"""Height and width; one number stands for both."""


def both(numbers: int | tuple[int, int]) -> tuple[int, int]:
    """Return two numbers; one stands for both."""
    return (numbers, numbers) if isinstance(numbers, int) else numbers


@dataclass(frozen=True, slots=True)
class Slide:
    """Windows along one axis.

    Attributes
    ----------
    length
        Elements of the axis.
    window, stride
        Elements that a window has, and from the start of one window to that of the next.
    before, after
        Zeros put at either end.
    spacing
        From one element to the next, with zeros in between.
    dilation
        From one element of a window to its next.

    References
    ----------
    Dumoulin, Visin (2016), A guide to convolution arithmetic for deep learning, chapters 2, 4, 5.
    """

    length: int
    window: int
    stride: int
    before: int = 0
    after: int = 0
    spacing: int = 1
    dilation: int = 1

    @property
    def reach(self) -> int:
        """From the first element of a window to its last, both counted."""
        return (self.window - 1) * self.dilation + 1

    @property
    def spread(self) -> int:
        """Length of the axis with zeros between its elements, but none at the ends."""
        return (self.length - 1) * self.spacing + 1

    @property
    def padded(self) -> int:
        """Length of the axis with all its zeros."""
        return self.before + self.spread + self.after

    @property
    def count(self) -> int:
        """Number of windows; below 1 where not even one fits."""
        return (self.padded - self.reach) // self.stride + 1

    @property
    def tiles(self) -> bool:
        """Whether every element lies in exactly one window; for windows without dilation."""
        side_by_side = self.stride == self.window or self.count == 1
        return side_by_side and self.count * self.window == self.padded

    @property
    def elements(self) -> slice:
        """Where the elements lie in the padded axis."""
        return slice(self.before, self.before + self.spread, self.spacing)

    def at(self, offset: int) -> slice:
        """Return where in the padded axis every window has its element number ``offset``."""
        start = offset * self.dilation
        return slice(start, start + (self.count - 1) * self.stride + 1, self.stride)

    def reversed(self) -> Slide:
        """Return windows over the outputs, that show which outputs depend on each element.

        Element number ``offset`` of a window here is the element whose reversed window has that
        window's value at ``window - 1 - offset``.
        """
        before = self.reach - 1 - self.before
        spread = (self.count - 1) * self.stride + 1
        after = self.length + self.reach - 1 - before - spread
        return Slide(self.count, self.window, 1, before, after, self.stride, self.dilation)


ONE_ROW = Slide(1, 1, 1)
"""Down a sequence that is taken for an image of one row."""


def check_image(what: str, x: Shape) -> None:
    """Check that a shape has the three axes of an image.

    Raises
    ------
    ShapeError
        If it has not.
    """
    if len(x) != 3:
        raise ShapeError(f"{what} expects images, shape (height, width, channels); found {x}")


def check_sequence(what: str, x: Shape) -> None:
    """Check that a shape has the two axes of a sequence.

    Raises
    ------
    ShapeError
        If it has not.
    """
    if len(x) != 2:
        raise ShapeError(f"{what} expects sequences, shape (time, channels); found {x}")


def numbers_for(what: str, option: str, numbers: Size, x: Shape) -> tuple[int, ...]:
    """Return the number for each axis but the channels: two of an image, one of a sequence.

    Parameters
    ----------
    what, option
        The layer and its option, for the message.
    numbers
        What the option is.
    x
        Per-example input shape.

    Raises
    ------
    ShapeError
        If that is neither an image's nor a sequence's, or there are two numbers for a sequence.
    """
    if len(x) not in {2, 3}:
        raise ShapeError(
            f"{what} expects images, shape (height, width, channels), or sequences, shape "
            f"(time, channels); found {x}"
        )
    if len(x) == 3:
        return both(numbers)
    if not isinstance(numbers, int):
        raise ShapeError(
            f"{what} with {option} = {list(numbers)} expects images, shape (height, width, "
            f"channels); found {x}",
            hint=f"for sequences, set {option} to one number",
        )
    return (numbers,)


def check_positions(what: str, x: Shape) -> None:
    """Check that a shape has axes of positions before that of channels.

    Raises
    ------
    ShapeError
        If it has not.
    """
    if len(x) < 2:
        raise ShapeError(
            f"{what} expects images or sequences, shape (..., channels) with at least two axes; "
            f"found {x}"
        )


def check_fits(what: str, rows: Slide, columns: Slide) -> None:
    """Check that at least one window fits into the image, or the sequence taken for one row.

    Raises
    ------
    ShapeError
        If there is not.
    """
    if rows.count >= 1 and columns.count >= 1:
        return
    hint = "make its windows smaller, or put zeros around, such as padding = 'same'"
    if rows == ONE_ROW:
        raise ShapeError(
            f"{what} expects sequences of at least {columns.reach} steps, the size of its windows; "
            f"found {columns.padded} with padding",
            hint=hint,
        )
    raise ShapeError(
        f"{what} expects images of at least {rows.reach} by {columns.reach}, the size of its "
        f"windows; found {rows.padded} by {columns.padded} with padding",
        hint=hint,
    )
