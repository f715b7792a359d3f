"""What warnings and initializers need to know of a layer; `plan` looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from layerkit.contracts.initializer import InitializerFamily

OutputValues: TypeAlias = Literal["any", "squashed", "probabilities"]
"""What a layer's outputs are: any numbers, numbers from -1 to 1, or numbers from 0 to 1 that add
up to 1."""


@dataclass(frozen=True, slots=True)
class LayerTraits:
    """What is said of a layer for warnings about specs, and for the weights before it.

    Attributes
    ----------
    outputs
        What the outputs are, whatever the inputs; see `OutputValues`.
    adds_noise
        Whether training changes the inputs at random, as dropout does.
    rescales
        Whether the outputs are of about the same size for inputs of any size, as those of
        standardization are.
    compares_examples
        Whether training normalizes an example by the others of its batch.
    passes_gradient
        Whether the gradient with respect to the inputs is more than zeros.
    initializer
        What suits the weights before an activation; None for a layer that is none. An
        `ActivationConfig` need say so only where it is not ``"xavier"``.
    """

    outputs: OutputValues = "any"
    adds_noise: bool = False
    rescales: bool = False
    compares_examples: bool = False
    passes_gradient: bool = True
    initializer: InitializerFamily | None = None
