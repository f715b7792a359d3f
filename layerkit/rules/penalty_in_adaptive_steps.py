"""LK105: an L2 penalty goes through an adaptive optimizer."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK105",
    "penalty-in-adaptive-steps",
    "an L2 penalty goes through an adaptive optimizer",
    """
An adaptive optimizer divides the gradient of each parameter by its usual size, and the penalty's
with it: parameters with large gradients are hardly decayed at all. For plain gradient descent an L2
penalty is the same as weight decay; for Adam it is not (Loshchilov, Hutter, 2019, Decoupled weight
decay regularization).

Use the optimizer adamw with its option 'weight_decay' in place of the penalty.
""",
    "warning",
)
