"""LK006: the value is of another type."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK006",
    "wrong-type",
    "the value is of another type",
    """
Values are not converted: 1 is no text, "1" is no number, true is no integer. An integer is
taken where a number is expected.

Write a value of the type that is expected.
""",
)
