"""Windows that slide over an image: how many there are, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

from annotated_types import Gt
from pydantic import Strict

from layerkit.plugin import Shape, ShapeError

Length: TypeAlias = Annotated[int, Gt(0)]
Size: TypeAlias = Length | Annotated[tuple[Length, Length], Strict(strict=False)]
"""Height and width; one number stands for both."""


def height_and_width(size: Size) -> tuple[int, int]:
    """Return both numbers."""
    return (size, size) if isinstance(size, int) else size


@dataclass(frozen=True, slots=True)
class Slide:
    """Windows along one axis.

    Attributes
    ----------
    length
        Elements of the axis.
    window, stride
        Elements that a window covers, and from the start of one window to that of the next.
    before, after
        Zeros put at either end.
    spacing
        From one element to the next, with zeros in between.

    References
    ----------
    Dumoulin, Visin (2016), A guide to convolution arithmetic for deep learning, chapters 2 and 4.
    """

    length: int
    window: int
    stride: int
    before: int = 0
    after: int = 0
    spacing: int = 1

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
        return (self.padded - self.window) // self.stride + 1

    @property
    def tiles(self) -> bool:
        """Whether every element lies in exactly one window."""
        side_by_side = self.stride == self.window or self.count == 1
        return side_by_side and self.count * self.window == self.padded

    @property
    def elements(self) -> slice:
        """Where the elements lie in the padded axis."""
        return slice(self.before, self.before + self.spread, self.spacing)

    def at(self, offset: int) -> slice:
        """Return where in the padded axis every window has its element number ``offset``."""
        return slice(offset, offset + (self.count - 1) * self.stride + 1, self.stride)

    def reversed(self) -> Slide:
        """Return windows over the outputs, that show which outputs depend on each element.

        Element number ``offset`` of a window here is the element whose reversed window has that
        window's value at ``window - 1 - offset``.
        """
        before = self.window - 1 - self.before
        spread = (self.count - 1) * self.stride + 1
        after = self.length + self.window - 1 - before - spread
        return Slide(self.count, self.window, 1, before, after, self.stride)


def check_image(what: str, x: Shape) -> None:
    """Check that a shape has the three axes of an image.

    Raises
    ------
    ShapeError
        If it has not.
    """
    if len(x) != 3:
        raise ShapeError(f"{what} expects images, shape (height, width, channels); found {x}")


def check_fits(what: str, rows: Slide, columns: Slide) -> None:
    """Check that at least one window fits into the image.

    Raises
    ------
    ShapeError
        If there is not.
    """
    if rows.count < 1 or columns.count < 1:
        raise ShapeError(
            f"{what} expects images of at least {rows.window} by {columns.window}, the size of its "
            f"windows; found {rows.padded} by {columns.padded} with padding"
        )
