"""LK102: dropout, or other noise, comes after the output layer."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK102",
    "noise-after-output",
    "dropout, or other noise, comes after the output layer",
    """
Noise in hidden layers keeps units from relying on one another. After the last layer that has
parameters, it changes what the network says itself: an output that is dropped is 0 whatever the
input, and the loss punishes the network for it.

Put the layer before the last one that has parameters, or remove it.
""",
    "warning",
)
