"""Squared hinge loss."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from layerkit.plugin import MarginLoss, MarginLossConfig


class SquaredHingeConfig(MarginLossConfig):
    """A smooth hinge loss, harder on what is far off: ``max(0, 1 - advantage) ** 2``.

    Two classes have one output, ``(1,)``: ``advantage`` is the output for class 1, and minus the
    output for class 0. The prediction is ``(2,)``, ``[-output, output]``: scores, no probabilities.

    More have one output each, ``(classes,)``: ``advantage`` is the output of the label less that of
    another class; the terms of all other classes are added up and divided by the number of classes.
    The prediction is the output.

    Steps come first: ``(time, 1)`` or ``(time, classes)`` where the data have a class for every
    step. Of two classes this is ``SquaredHinge`` of Keras; of more,
    ``MultiMarginLoss(p=2)`` of PyTorch.

    Attributes
    ----------
    class_weights
        How much the examples of each class count, numbers from 0 in the order of the classes; the
        mean over a batch is a weighted mean. None: all the same.

    References
    ----------
    Tang (2013), Deep learning using linear support vector machines.
    """

    power: ClassVar[int] = 2

    type: Literal["squared_hinge"] = "squared_hinge"


@final
class SquaredHinge(MarginLoss[SquaredHingeConfig]):
    """See `SquaredHingeConfig`."""
