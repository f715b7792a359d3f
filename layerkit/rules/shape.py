"""LK008: shapes, or kinds of data, do not fit."""

from layerkit.rules.rule import Rule

RULE = Rule(
    "LK008",
    "shape",
    "shapes, or kinds of data, do not fit",
    """
Shapes are followed from the data through every layer to the loss and the metrics. A layer,
the loss or a metric cannot work on what reaches it.

Change the layer that is named, or the one that the shape comes from. 'layerkit summary'
shows the shapes of a spec that fits.
""",
)
