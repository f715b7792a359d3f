"""Every error that Layerkit raises on purpose, and the exit code that each one means."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import ClassVar


class LayerkitError(Exception):
    """Base of all errors of Layerkit: catch this to catch any of them.

    A message says where, what was expected, what was found and what to do.
    """

    exit_code: ClassVar[int] = 1

    @property
    def lines(self) -> list[str] | None:
        """The message where its lines say themselves that they are errors; else None."""
        return None

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython shows: the message says it all, frames would hide it."""
        return [f"{type(self).__name__}: {self}", *getattr(self, "__notes__", ())]


class UsageError(LayerkitError):
    """The call itself is wrong: an option, an argument or a path."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class ShapeOrigin:
    """Which layer makes the shape that another cannot work on.

    Attributes
    ----------
    shape
        What it makes of one example.
    at
        Where the layer is, below the component that raises the error.
    name
        What paths call it.
    """

    shape: tuple[int, ...]
    at: tuple[str | int, ...]
    name: str


class ShapeError(LayerkitError):
    """A component cannot work on the shape, the targets or the figures that reach it.

    Raised by ``plan`` and ``check`` methods of configs; planning adds where in the spec.

    Parameters
    ----------
    message
        What was expected and what was found.
    at
        Where below the component, such as ``("layers", 0, "units")``; empty for the component.
    hint
        What to do about it; may be empty.
    origin
        Which layer below the component makes the shape; None for the component's own input.
        Planning sets it.
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        at: tuple[str | int, ...] = (),
        hint: str = "",
        origin: ShapeOrigin | None = None,
    ) -> None:
        super().__init__(message)
        self.at: tuple[str | int, ...] = at
        self.hint: str = hint
        self.origin: ShapeOrigin | None = origin


class DataError(LayerkitError):
    """A data file or stored weights are not what they should be."""

    exit_code = 3


class ColumnError(DataError):
    """A table does not have a column as the spec names it.

    Parameters
    ----------
    message
        What is wrong.
    column
        Its name.
    """

    def __init__(self, message: str, column: str) -> None:
        super().__init__(message)
        self.column = column


class FileError(LayerkitError):
    """A file or directory cannot be read or written."""

    exit_code = 4


class PluginError(LayerkitError):
    """A plugin is at fault: it does not import, or what it registers is not a component."""

    exit_code = 5

    def _render_traceback_(self) -> list[str]:
        """Return the whole traceback: the plugin's author needs the frames of the cause."""
        return "".join(traceback.format_exception(self)).splitlines()


class DivergedError(LayerkitError):
    """Training diverged: a number is not finite any more."""

    exit_code = 6


class LayerkitWarning(UserWarning):
    """Something is not as it should be, and Layerkit goes on."""


MAX_TEXT = 400
"""The most characters of somebody else's message that a message of ours repeats."""


def described(error: BaseException) -> str:
    """Return type and text of an error; its ``__str__`` may itself be at fault."""
    name = type(error).__name__
    try:
        text = str(error)
    except BaseException as second:  # noqa: BLE001  # it may even call sys.exit
        return f"{name}, whose text cannot be made: {type(second).__name__}"
    text = " ".join(text.split())
    if len(text) > MAX_TEXT:
        text = f"{text[:MAX_TEXT]} ..."
    return f"{name}: {text}" if text else name


def repr_of(value: object) -> str:
    """Return the ``repr`` of somebody else's object, cut short; it may itself be at fault."""
    try:
        text = repr(value)
    except BaseException:  # noqa: BLE001  # likewise
        return f"an object of type {type(value).__name__}"
    return text if len(text) <= 100 else f"{text[:100]}..."
