"""LK015: missing values reach a layer that takes none."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK015",
    "missing-values",
    "missing values reach a layer that takes none",
    """
The data may have missing values, which are nan, and most layers make nan of everything then.

Put a layer that fills them in, such as { type = "fill_missing" }, before the one that is named.
""",
)
