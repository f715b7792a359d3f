"""LK002: no component of that name is installed."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK002",
    "unknown-name",
    "no component of that name is installed",
    """
A name stands where a component is expected, and no installed distribution registers a
component of that kind and name.

Correct the name, or install the plugin that provides it. 'layerkit plugins list' shows what
is installed.
""",
)
