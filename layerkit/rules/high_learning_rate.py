"""LK104: the learning rate is very high."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK104",
    "high-learning-rate",
    "the learning rate is very high",
    """
Usual rates are far below 1. At a rate above 10, the first steps nearly always throw the parameters
so far off that training diverges, or never recovers.

Look whether a decimal point or the sign of an exponent got lost.
""",
    "warning",
)
