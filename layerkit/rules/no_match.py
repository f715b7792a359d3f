"""LK010: a pattern or path matches no parameter."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK010",
    "no-match",
    "a pattern or path matches no parameter",
    """
A pattern that selects nothing would silently do nothing.

Correct the pattern; 'layerkit summary' shows the names of layers.
""",
)
