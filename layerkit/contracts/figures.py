"""The figures that an epoch reports, for components that watch one of them."""

from __future__ import annotations

from collections.abc import Mapping

from layerkit.errors import ShapeError
from layerkit.problems import did_you_mean


def check_reported(figure: str, figures: Mapping[str, bool], key: str = "monitor") -> None:
    """Check that a figure is reported on the validation examples.

    Parameters
    ----------
    figure
        The name of the figure, as a spec gives it.
    figures
        What is reported.
    key
        The key of the spec that names the figure.

    Raises
    ------
    ShapeError
        If it is not.
    """
    if figure not in figures:
        reason = f"expected one of {', '.join(figures)}; found '{figure}'"
        raise ShapeError(reason, (key,), did_you_mean(figure, figures))
