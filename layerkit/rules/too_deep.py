"""LK012: tables are nested too deeply."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK012",
    "too-deep",
    "tables are nested too deeply",
    """
Tables and lists are nested at most 32 levels deep.

Look whether it is the right file; flatten it.
""",
)
