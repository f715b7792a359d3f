"""What a layer's config says of the inputs that it takes, beside their shape."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self, TypeAlias

from layerkit.arrays import Shape
from layerkit.component import Config

Missing: TypeAlias = Literal["refuses", "fills", "passes"]
"""What a layer does with missing values, nan: it takes none, puts numbers in their place, or may
put out nan itself."""


@dataclass(frozen=True, slots=True)
class PassedInputs:
    """Inputs that a layer puts out as they are.

    Attributes
    ----------
    positions
        For every output, in the order of memory, the position of the input that it is.
    fill
        What stands in place of missing ones; None if they stay missing.
    """

    positions: Sequence[int]
    fill: float | None = None


class InputsConfig(Config, ABC):
    """Base of `LayerConfig`: what reaches the layer; by default numbers, none of them missing."""

    def vocabulary(self) -> int | None:
        """Return how many ids there are, for a layer whose inputs are ids; None for numbers.

        Ids reach a layer as whole numbers in its dtype, from 0 to the vocabulary's size less 1. A
        composite answers for the layers inside that get its input.
        """
        return None

    def id_counts(self) -> int | tuple[int, ...] | None:
        """Return how many ids there are, for a layer that takes ids among other data too.

        One number for all inputs, or one for each along their last axis; by default `vocabulary`.
        The inputs are checked where data enter the network: the layer must be the first, or behind
        layers that pass inputs on (`passed_inputs`). A composite need not answer.
        """
        return self.vocabulary()

    def missing_values(self) -> Missing:
        """Return what the layer does with missing values (nan); by default it refuses them.

        A composite answers for itself and the layers inside that get its input.
        """
        return "refuses"

    def passed_inputs(self, x: Shape) -> PassedInputs | None:
        """Return which inputs the outputs are, for a layer that puts them out as they are.

        Names of features and ids reach the layer behind it. By default None: outputs are other
        numbers. A composite need not answer.

        Parameters
        ----------
        x
            Per-example input shape, which `plan` takes.
        """
        return None

    def for_features(self, names: Sequence[str]) -> Self:
        """Return the config for inputs of those names, for a layer that picks inputs by name.

        By default itself. Layers inside a composite are asked in its place.

        Parameters
        ----------
        names
            Of the values of an example, in their order; empty if they have none.

        Raises
        ------
        ShapeError
            If there is no input of a name.
        """
        return self
