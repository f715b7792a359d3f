"""LK113: a key has its former name."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK113",
    "former-key",
    "a key has its former name",
    """
The key was renamed. Its former name means the same and keeps working, but schema, help and
documentation know today's name only.

'layerkit fmt --upgrade SPEC' writes today's name and keeps comments.
""",
    "warning",
)
