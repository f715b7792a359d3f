"""What layers add to the loss of a step, such as penalties on their outputs."""

from __future__ import annotations


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
        self.examples = 1
        self.total = 0.0

    def start(self, examples: int) -> None:
        """Begin a step on a batch of so many examples."""
        self.examples = examples
        self.total = 0.0

    def add(self, value: float) -> None:
        """Add to the total."""
        self.total += value
