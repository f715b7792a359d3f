"""LK114: a component has its former name."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK114",
    "former-component",
    "a component has its former name",
    """
The component was renamed, by Layerkit or by the plugin that provides it. Its former name means the
same and keeps working, but schema, help and documentation know today's name only.

'layerkit fmt --upgrade SPEC' writes today's name and keeps comments.
""",
    "warning",
)
