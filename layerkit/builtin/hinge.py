"""Hinge loss."""

from __future__ import annotations

from typing import ClassVar, Literal, final

from layerkit.plugin import MarginLoss, MarginLossConfig


class HingeConfig(MarginLossConfig):
    """The loss of linear support vector machines: ``max(0, 1 - advantage)``.

    Two classes have one output, ``(1,)``: ``advantage`` is the output for class 1, and minus the
    output for class 0. The prediction is ``(2,)``, ``[-output, output]``: scores, no probabilities.

    More have one output each, ``(classes,)``: ``advantage`` is the output of the label less that of
    another class; the terms of all other classes are added up and divided by the number of classes.
    The prediction is the output.

    Steps come first: ``(time, 1)`` or ``(time, classes)`` where the data have a class for every
    step. Where ``advantage`` is 1, the slope is 0. Of two classes this is ``Hinge`` of Keras and
    ``hinge_loss`` of scikit-learn; of more, PyTorch's ``MultiMarginLoss``, where the
    other two take the largest term alone.

    Attributes
    ----------
    class_weights
        How much the examples of each class count, numbers from 0 in the order of the classes; the
        mean over a batch is a weighted mean. None: all the same.

    References
    ----------
    Cortes, Vapnik (1995), Support-vector networks.
    Weston, Watkins (1999), Support vector machines for multi-class pattern recognition.
    """

    power: ClassVar[int] = 1

    type: Literal["hinge"] = "hinge"


@final
class Hinge(MarginLoss[HingeConfig]):
    """See `HingeConfig`."""
