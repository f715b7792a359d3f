"""A penalty on outputs."""

from __future__ import annotations

from typing import Annotated, Literal, Self, final

import numpy as np
from annotated_types import Ge
from pydantic import Field, model_validator

from layerkit.plugin import Array, Layer, LayerConfig, LayerContext, LayerPlan, Shape, problem


class ActivityRegularizationConfig(LayerConfig):
    """Penalty on outputs: ``y = x``, and a penalty on x in the loss of training; any shape.

    The loss grows by ``l1 * sum(|x|) + l2 / 2 * sum(x²)`` over the values of an example, the mean
    over the examples of a batch, whatever their weights; steps that a mask leaves out do not count.
    It is in the figure ``penalty`` of a run. Validation and test losses are without it.

    Keras' ``ActivityRegularization`` has ``l2 * sum(x²)``, twice as much, and a sum over the
    examples of a batch where this has the mean. PyTorch has none.

    Attributes
    ----------
    l1, l2
        Strengths, from 0; one above 0.

    Errors
    ------
    ``wrong-value``
        If both are 0.

    References
    ----------
    Glorot, Bordes, Bengio (2011), Deep sparse rectifier neural networks.
    """

    type: Literal["activity_regularization"] = "activity_regularization"
    l1: Annotated[float, Ge(0), Field(examples=[1e-4])] = 0.0
    l2: Annotated[float, Ge(0), Field(examples=[1e-4])] = 0.0

    @model_validator(mode="after")
    def _has_a_strength(self) -> Self:
        if self.l1 == self.l2 == 0:
            raise problem(
                "wrong-value",
                "activity_regularization expects l1 or l2 above 0, found neither",
                "set l1 = 1e-4, say",
            )
        return self

    def plan(self, x: Shape) -> LayerPlan:
        """Return the shape unchanged."""
        return LayerPlan(x)


@final
class ActivityRegularization(Layer[ActivityRegularizationConfig]):
    """See `ActivityRegularizationConfig`."""

    def __init__(self, config: ActivityRegularizationConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        self._scratch = context.training_buffer(context.input_shape)
        self._x = self._scratch

    def forward(self, x: Array, *, training: bool) -> Array:
        """Add the penalty to the loss; nothing otherwise."""
        if not training:
            return x
        self._x = x
        scratch = np.absolute(x, out=self._scratch[: len(x)])
        self._leave_out_padding(scratch)
        config = self.config
        penalty = config.l1 * float(scratch.sum()) + config.l2 / 2 * float(
            np.vdot(scratch, scratch)
        )
        self.context.add_loss(penalty / self.context.batch_size)
        return x

    def backward(self, dy: Array) -> Array | None:
        """Add ``l1 * sign(x) + l2 * x``, divided by the number of examples; at 0 the sign is 0."""
        if self.context.input_grad is None:
            return None
        x, scratch, dx = self._x, self._scratch[: len(dy)], self.context.input_grad[: len(dy)]
        np.sign(x, out=dx)
        np.multiply(dx, self.config.l1 / self.context.batch_size, out=dx)
        np.multiply(x, self.config.l2 / self.context.batch_size, out=scratch)
        np.add(dx, scratch, out=dx)
        self._leave_out_padding(dx)
        np.add(dx, dy, out=dx)
        return dx

    def _leave_out_padding(self, values: Array) -> None:
        """Multiply by the mask, ``(n, time)``, if there is one."""
        mask = self.context.mask
        if mask is not None:
            padded = mask[: len(values)].reshape(*values.shape[:2], *(1,) * (values.ndim - 2))
            np.multiply(values, padded, out=values)
