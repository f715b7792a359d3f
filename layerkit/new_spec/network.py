"""A network and a training of sensible size for a table."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large a network is to begin with, and how it is trained.

    Attributes
    ----------
    hidden
        The units of each hidden layer.
    batch_size, epochs, patience
        Of the training.
    learning_rate
        Of the optimizer.
    aside
        The fraction of the rows to validate on, and that to test on.
    """

    hidden: tuple[int, ...]
    batch_size: int
    epochs: int
    patience: int
    learning_rate: float
    aside: float


_BY_ROWS = (
    (500, Sizes((16,), 16, 200, 20, 0.005, 0.2)),
    (5_000, Sizes((32, 32), 32, 100, 15, 0.003, 0.2)),
    (50_000, Sizes((64, 64), 64, 60, 10, 0.002, 0.15)),
    (500_000, Sizes((128, 128), 256, 40, 6, 0.002, 0.1)),
)
_MOST = Sizes((256, 256), 512, 20, 4, 0.001, 0.05)


def sizes_for(rows: int) -> Sizes:
    """Return sizes for a table of so many rows: more units for more rows, in fewer epochs."""
    sizes = next((sizes for below, sizes in _BY_ROWS if rows < below), _MOST)
    to_train = max(1, rows - 2 * round(rows * sizes.aside))
    return replace(sizes, batch_size=min(sizes.batch_size, to_train))
