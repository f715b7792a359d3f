"""LK103: the last activation squashes what the loss takes as logits."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK103",
    "squashed-logits",
    "the last activation squashes what the loss takes as logits",
    """
The loss takes logits, any numbers, and makes probabilities of them itself. Logits from -1 to 1 give
at most 0.88 for one of two classes and 0.45 for one of ten: the loss cannot come near 0.

Remove the last activation: let the network end in a layer such as dense.
""",
    "warning",
)
