"""LK014: the data cannot be read."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK014",
    "data",
    "the data cannot be read",
    """
The dataset could not say what its shapes are: a file is missing, or its header is not what the
spec says.

Correct the path, or the options of the dataset.
""",
)
