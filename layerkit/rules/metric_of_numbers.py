"""LK106: a metric of numbers is computed on probabilities."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK106",
    "metric-of-numbers",
    "a metric of numbers is computed on probabilities",
    """
The loss makes probabilities of the network's output, and the targets are labels, 0 or 1. The metric
measures how far numbers are off from other numbers, which says little of how well labels are told.

Use a metric of labels, or none: the loss is reported anyway.
""",
    "warning",
)
