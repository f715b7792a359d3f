"""LK013: the name does not say TOML or JSON."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK013",
    "wrong-suffix",
    "the name does not say TOML or JSON",
    """
The suffix of a file's name says how it is read.

Let it end in .toml or .json.
""",
    suffix="yaml",
)
