"""LK001: the text is no TOML or JSON."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK001",
    "syntax",
    "the text is no TOML or JSON",
    """
The text could not be read as TOML or JSON. Until it can, nothing else is checked.

Look at the line that is named: a bracket or quote that is not closed, a comma that is
missing or too many, a key without a value. Specs are TOML 1.0: an inline table stands on
one line.
""",
)
