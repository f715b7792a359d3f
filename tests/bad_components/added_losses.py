"""Layers that add something bad to the loss."""

from __future__ import annotations

from tests.bad_components.case import DIVERGED, PLUGIN, late
from tests.bad_components.layers import BACKWARD, FORWARD, layer

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
    layer(
        "adds_nan_in_backward",
        codes=(DIVERGED, PLUGIN),
        says="loss",
        backward=f"self.context.add_loss(float('nan'))\n{BACKWARD}",
    ),
    layer(
        "adds_with_a_nan_gradient",
        backward=f"dy[...] = np.nan\n{BACKWARD}",
        forward=adding("0.1"),
    ),
    layer("adds_an_array_in_backward", backward=f"self.context.add_loss(dy)\n{BACKWARD}"),
    layer("adds_an_array_late", forward=late(adding("x.sum(axis=1)"), FORWARD)),
    layer(
        "adds_nan_late",
        codes=DIVERGED,
        says="at step",
        forward=late(adding("float('nan')"), FORWARD),
    ),
]
