"""LK017: the spec has a format that this Layerkit does not know."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK017",
    "newer-format",
    "the spec has a format that this Layerkit does not know",
    """
'format' says for which version of the format a spec was written. This one was written for a later
Layerkit; here it might be misunderstood, so nothing else in it is looked at.

Upgrade Layerkit.
""",
)
