"""LK007: the value is out of range, or does not go with others."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK007",
    "wrong-value",
    "the value is out of range, or does not go with others",
    """
The value has the right type, but is not among those that are allowed there, by itself or
beside the rest of the spec.

Write one that is expected.
""",
)
