"""LK004: a key is missing."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK004",
    "missing-key",
    "a key is missing",
    """
The table needs a key that has no default.

Add it.
""",
)
