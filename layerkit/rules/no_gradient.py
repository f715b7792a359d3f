"""LK109: no gradient reaches some parameters."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK109",
    "no-gradient",
    "no gradient reaches some parameters",
    """
Some parameters can never change: a layer above them passes no gradient on, weights of two layers
start at zero so that each keeps the other there, or the optimizer's groups freeze everything.

Change what is named; freeze what is not to be trained with a group of rate 0.
""",
    "warning",
)
