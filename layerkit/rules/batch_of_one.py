"""LK108: batches of one example are normalized by themselves."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK108",
    "batch-of-one",
    "batches of one example are normalized by themselves",
    """
The layer subtracts the mean of the batch. Of a single example, the mean is the example: nothing
is left of the input but the layer's shift, and the network learns nothing from it. Images keep the
differences between their pixels, but are evaluated with other statistics than they are trained
with.

Use larger batches, or layer_norm, which normalizes each example by itself.
""",
    "warning",
)
