"""LK016: the network takes more memory than a process can have."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK016",
    "too-much-memory",
    "the network takes more memory than a process can have",
    """
Parameters, activations and data together would take more than 2^47 bytes, which is what a process
can address on most machines. Usually a number has digits too many.

Make the layer, the batch or the data smaller.
""",
)
