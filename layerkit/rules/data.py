"""LK014: the data cannot be read."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK014",
    "data",
    "the data cannot be read",
    """
The dataset could not say what its shapes are: a file is missing, or its header is not what the
spec says.

Correct the path, or the options of the dataset. With nothing else wrong, the exit code is 4 where
a file cannot be read and 3 where it is not what it should be, not 2: the spec may be good.
""",
)
