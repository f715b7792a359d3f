"""LK112: there are more threads than most machines have cores."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK112",
    "many-threads",
    "there are more threads than most machines have cores",
    """
The spec asks for more than 128 threads. 'layerkit run' refuses it on a machine with fewer cores.

Set threads = "auto", which takes as many as the network keeps busy.
""",
    "warning",
)
