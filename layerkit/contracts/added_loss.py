"""What layers add to the loss of a step, such as penalties on their outputs."""

from __future__ import annotations

from layerkit.guard import is_real_number, shown
from layerkit.values import unchecked


class AddedLoss:
    """The sum of what the layers of a shard add to the loss of one step.

    Attributes
    ----------
    examples
        Of the whole batch, of which the shard may have a part.
    total
        What they have added so far.
    """

    def __init__(self) -> None:
        self.examples: int = 1
        self.total: float = 0.0

    def start(self, examples: int) -> None:
        """Begin a step on a batch of so many examples."""
        self.examples = examples
        self.total = 0.0

    def add(self, value: float) -> None:
        """Add to the total.

        Raises
        ------
        TypeError
            If it is no number, such as an array with one for every example.
        """
        found = unchecked(value)
        if not is_real_number(found):
            raise TypeError(f"expected a number to add to the loss, found {shown(found)}")
        self.total += float(found)
