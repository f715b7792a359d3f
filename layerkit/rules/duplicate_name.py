"""LK009: two things have one name."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK009",
    "duplicate-name",
    "two things have one name",
    """
Layers, metrics and their figures are told apart by their names.

Give one of them a 'name' of its own.
""",
)
