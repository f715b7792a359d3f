"""LK101: the network ends in a softmax, and the loss has one too."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK101",
    "softmax-before-loss",
    "the network ends in a softmax, and the loss has one too",
    """
The loss takes logits, any numbers, and makes probabilities of them itself. Of probabilities, which
lie between 0 and 1, it can make none that is near 1: the network trains slowly, and is never sure.

Remove the last layer. Predictions are probabilities all the same.
""",
    "warning",
)
