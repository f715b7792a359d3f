"""Layers that add something bad to the loss."""

from __future__ import annotations

from tests.bad_components.case import DIVERGED, late
from tests.bad_components.layers import FORWARD, layer

WRONG = {
    "none": ("None", "found None"),
    "a_word": ("'much'", "found 'much'"),
    "a_truth_value": ("True", "found True"),
    "a_complex_number": ("1j", "found a complex"),
    "a_number_for_every_example": ("x.sum(axis=1)", "found an array of shape (16,)"),
    "an_array_of_one": ("x[:1, :1]", "found an array of shape (1, 1)"),
    "nan": ("float('nan')", "what it adds to the loss"),
    "inf": ("float('inf')", "what it adds to the loss"),
}
"""What to add instead of a number, and what is said of it."""


def adding(value: str) -> str:
    """Return the body of a forward pass that adds something to the loss."""
    return f"if training:\n    self.context.add_loss({value})\n{FORWARD}"


CASES = [
    *(
        layer(f"adds_{what}", says=said, forward=adding(value))
        for what, (value, said) in WRONG.items()
    ),
    layer("adds_an_array_late", forward=late(adding("x.sum(axis=1)"), FORWARD)),
    layer(
        "adds_nan_late",
        codes=DIVERGED,
        says="at step",
        forward=late(adding("float('nan')"), FORWARD),
    ),
]
