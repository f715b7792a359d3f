"""Arrays that come from Python: a spec can say that there are some, not what is in them."""

from __future__ import annotations

from typing import Literal, NoReturn, final

from layerkit.plugin import DataInfo, Dataset, DatasetConfig, ShapeError, Splits


class ArraysConfig(DatasetConfig):
    """Arrays in memory, passed from Python: ``lk.train(spec, data=(inputs, targets))``.

    The dataset of a spec that names none. Such a spec cannot be run at the command line.

    References
    ----------
    Harris et al. (2020), Array programming with NumPy.
    """

    type: Literal["arrays"] = "arrays"

    def info(self) -> DataInfo:
        """Say that the arrays are missing; whoever passes them knows what is to be known of them.

        Raises
        ------
        ShapeError
            Always.
        """
        _refuse()


@final
class Arrays(Dataset[ArraysConfig]):
    """See `ArraysConfig`."""

    def load(self) -> Splits:
        """Say that the arrays are missing."""
        _refuse()


def _refuse() -> NoReturn:
    raise ShapeError(
        "expected a dataset, or arrays from Python",
        hint="write a [data] section, or call lk.train(spec, data=(inputs, targets))",
    )
