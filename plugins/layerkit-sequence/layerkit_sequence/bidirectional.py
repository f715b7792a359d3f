"""A recurrent layer in both directions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, final

import numpy as np
from pydantic import Field

from layerkit.plugin import (
    AnyLayer,
    Array,
    Batches,
    Chain,
    Composite,
    LayerConfig,
    LayerContext,
    LayerPlan,
    Shape,
    ShapeError,
    add_gradients,
    plan_chain,
)
from layerkit_sequence.steps import sequence


class BidirectionalConfig(LayerConfig):
    """A layer that reads the sequence, beside a copy that reads it from the end.

    ``(time, features) -> (time, 2 * units)`` where ``layer`` puts out every step,
    ``-> (2 * units,)`` where it puts out the last; ``units`` wide unless ``combine`` is
    ``"concat"``. What the copy puts out at every step is turned round again, so that both
    outputs of a step are about the same inputs. With ``output = "last"``, the copy's is about the
    first step, having read all others, as in Keras.

    The copy has parameters of its own: ``bidirectional_1.forward_lstm_1.weight`` and
    ``bidirectional_1.backward_lstm_1.weight``. Both layers leave padding out: the copy begins with
    it, and its state stays 0 until the first step that counts. At padding, every step's output is
    what the two put out there: the last state of the one, 0 of the copy. Keras's ``Bidirectional``
    and PyTorch's packed sequences have 0 from both.

    Attributes
    ----------
    layer
        Any layer ``(time, features) -> (time, units)`` or ``-> (units,)`` that reads numbers.
    combine
        How the two outputs go together, as in ``parallel``: ``"concat"`` along features, ``"add"``,
        ``"mean"`` or ``"multiply"``. Keras calls it ``merge_mode``: concat, sum, ave, mul.
        PyTorch's ``bidirectional=True`` concatenates.

    References
    ----------
    Schuster, Paliwal (1997), Bidirectional recurrent neural networks.
    """

    type: Literal["bidirectional"] = "bidirectional"
    layer: Annotated[AnyLayer, Field(examples=[{"type": "lstm", "units": 32}])]
    combine: Literal["concat", "add", "mean", "multiply"] = "concat"

    def plan(self, x: Shape) -> LayerPlan:
        """Plan the layer twice."""
        time, _ = sequence("bidirectional", x)
        if self.layer.id_counts() is not None:
            raise ShapeError(
                f"bidirectional expects a layer that reads numbers; {self.layer.display_name} "
                "reads ids",
                ("layer",),
                "put it before the bidirectional layer",
            )
        plan = plan_chain([self.layer], x, places=[("layer",)])
        output = plan.output
        if len(output) not in (1, 2) or (len(output) == 2 and output[0] != time):
            raise ShapeError(
                f"bidirectional expects a layer that puts out (time, units) or (units,) for {x}; "
                f"found {output}",
                ("layer",),
            )
        if self.combine == "concat":
            output = (*output[:-1], 2 * output[-1])
        (inner,) = plan.layers
        both = (inner.renamed(f"forward_{inner.name}"), inner.renamed(f"backward_{inner.name}"))
        workspace = 3 * math.prod(x) + 2 * math.prod(plan.output)
        return LayerPlan(output, layers=both, workspace=workspace)


@final
class Bidirectional(Composite[BidirectionalConfig]):
    """See `BidirectionalConfig`."""

    def __init__(self, config: BidirectionalConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        forward, backward = context.plan.layers
        inner, is_wanted = forward.plan.output, context.input_grad is not None
        grads = [
            context.training_buffer(context.input_shape) if is_wanted else None for _ in range(2)
        ]
        self._has_steps = len(inner) == 2
        self._turned = context.buffer(context.input_shape)
        self._turned_mask = None if context.mask is None else np.zeros_like(context.mask)
        self.chains: Sequence[Chain] = (
            Chain(context, [forward], grads[0], context.mask),
            Chain(context, [backward], grads[1], self._turned_mask),
        )
        self._y = context.buffer(context.output_shape)
        self._outputs = (self._y, self._y)
        self._dy = [context.training_buffer(inner) for _ in range(2)]

    @property
    def mask(self) -> Array | None:
        """That of the layer which reads from the start; None if it puts out the last step."""
        return self.chains[0].mask if self._has_steps else None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Run both, turn the second's steps round, and combine their outputs."""
        y, units = self._y[: len(x)], self._dy[0].shape[-1]
        first = self.chains[0].forward(x, training=training)
        second = self.chains[1].forward(self._turn(x), training=training)
        second = self._in_order(second)
        self._outputs = (first, second)
        match self.config.combine:
            case "concat":
                np.copyto(y[..., :units], first)
                np.copyto(y[..., units:], second)
            case "multiply":
                np.multiply(first, second, out=y)
            case "add" | "mean":
                np.add(first, second, out=y)
        if self.config.combine == "mean":
            np.multiply(y, 0.5, out=y)
        return y

    def backward(self, dy: Array) -> Array | None:
        """Give each its part of the gradient, and add up what comes back, turned round."""
        n = len(dy)
        first, second = self._dy[0][:n], self._in_order(self._dy[1][:n])
        units = first.shape[-1]
        match self.config.combine:
            case "concat":
                np.copyto(first, dy[..., :units])
                np.copyto(second, dy[..., units:])
            case "multiply":
                np.multiply(dy, self._outputs[1], out=first)
                np.multiply(dy, self._outputs[0], out=second)
            case "add":
                np.copyto(first, dy)
                np.copyto(second, dy)
            case "mean":
                np.multiply(dy, 0.5, out=first)
                np.copyto(second, first)
        dx = self.chains[0].backward(first)
        turned = self.chains[1].backward(self._dy[1][:n])
        turned = None if turned is None else turned[:, ::-1]
        return add_gradients((dx, turned), self.context.input_grad)

    def adapt(self, batches: Batches) -> None:
        """Let both layers set their state, each from what it gets."""
        self.chains[0].adapt(batches)
        self.chains[1].adapt(lambda: self._turned_batches(batches))

    def recalibrate(self, batches: Batches) -> None:
        """Let both layers compute their running statistics again, each from what it gets."""
        self.chains[0].recalibrate(batches)
        self.chains[1].recalibrate(lambda: self._turned_batches(batches))

    def _turned_batches(self, batches: Batches) -> Iterator[Array]:
        for x in batches():
            yield self._turn(x)

    def _turn(self, x: Array) -> Array:
        """Return the inputs from the end, and write their mask."""
        turned = self._turned[: len(x)]
        np.copyto(turned, x[:, ::-1])
        if self._turned_mask is not None and self.context.mask is not None:
            np.copyto(self._turned_mask, self.context.mask[:, ::-1])
        return turned

    def _in_order(self, steps: Array) -> Array:
        """Return the output, or its gradient, of the second with its first step first."""
        return steps[:, ::-1] if self._has_steps else steps
