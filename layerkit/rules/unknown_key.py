"""LK003: the table has no such key."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK003",
    "unknown-key",
    "the table has no such key",
    """
Every key of a spec means something; one that nothing reads is an error, since a misspelt
option would be ignored otherwise.

Correct the key, or remove it.
""",
)
