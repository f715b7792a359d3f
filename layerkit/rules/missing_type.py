"""LK005: a component's table does not say which component it is."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK005",
    "missing-type",
    "a component's table does not say which component it is",
    """
A component is its name, such as "tanh", or a table with its name under 'type' and its
options beside it.

Add 'type'.
""",
)
