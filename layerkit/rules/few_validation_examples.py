"""LK110: there are few validation examples."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK110",
    "few-validation-examples",
    "there are few validation examples",
    """
The fewer examples, the more their figures depend on which they are. An accuracy of 90 % on 100
examples has a standard error of 3 points, on 25 examples one of 6. Early stopping and comparisons
then pick by chance.

Set aside more. Where there are few examples in all, 'layerkit crossval' tests on every one of them.
""",
    "warning",
)
