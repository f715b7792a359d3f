"""LK011: the file is too large."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK011",
    "too-large",
    "the file is too large",
    """
A spec has at most 256 KiB, far more than any that a person writes.

Look whether it is the right file.
""",
)
