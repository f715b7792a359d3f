"""LK107: inputs of 0 to 255 reach the first layer as they are."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK107",
    "unscaled-input",
    "inputs of 0 to 255 reach the first layer as they are",
    """
The data are bytes, and nothing scales them. Weights start at a size that suits inputs of about 1;
inputs of a hundred saturate activations such as tanh and make steps far too large.

Scale the data where they are read, or begin with a layer such as standardize. If the bytes are 0
and 1 alone, silence this.
""",
    "warning",
)
