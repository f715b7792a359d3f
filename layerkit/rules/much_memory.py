"""LK111: the network takes more memory than most machines have."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK111",
    "much-memory",
    "the network takes more memory than most machines have",
    """
Parameters, activations and data together take more than 128 GiB. 'layerkit run' refuses the spec
on a machine that has less.

Make the layer, the batch or the data smaller.
""",
    "warning",
)
