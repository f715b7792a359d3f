"""What recurrent layers whose state is one array do alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Literal, TypeVar

import numpy as np
from annotated_types import Gt
from pydantic import Field

from layerkit.plugin import (
    INITIALIZERS,
    AnyInitializer,
    Array,
    Fan,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    ParameterPlan,
    Shape,
    default,
)
from layerkit_sequence.steps import Padding, Steps, rows, sequence


class RecurrentConfig(LayerConfig, ABC):
    """Base of the configs: ``h[t]`` of ``x[t]`` and ``h[t - 1]``, from ``h = 0``.

    Attributes
    ----------
    units
        Size of ``h``, at least 1.
    output
        ``"all"`` for ``h`` at every step (Keras: ``return_sequences``), ``"last"`` for ``h`` at the
        last step that counts.
    weight_initializer, recurrent_initializer
        What fills ``weight`` and ``recurrent_weight``; by default ``xavier_uniform`` and
        ``orthogonal``, as in Keras; PyTorch draws both from ``±1 / sqrt(units)``.
    bias_initializer
        What fills the biases; by default ``zeros``.
    """

    units: Annotated[int, Gt(0), Field(examples=[32])]
    output: Literal["all", "last"] = "all"
    weight_initializer: AnyInitializer = default(INITIALIZERS, "xavier_uniform")
    recurrent_initializer: AnyInitializer = default(INITIALIZERS, "orthogonal")
    bias_initializer: AnyInitializer = default(INITIALIZERS, "zeros")

    def gates(self) -> int:
        """Return how many blocks of ``units`` columns the weights have; by default one."""
        return 1

    def plan(self, x: Shape) -> LayerPlan:
        """Plan the weights of all gates side by side."""
        time, features = sequence(self.display_name, x)
        units, width = self.units, self.gates() * self.units
        fan, recurrent = Fan(features, width), Fan(units, width)
        params = {
            "weight": ParameterPlan((features, width), self.weight_initializer, fan),
            "recurrent_weight": ParameterPlan(
                (units, width), self.recurrent_initializer, recurrent
            ),
            "bias": ParameterPlan((width,), self.bias_initializer, fan, decay=False),
        }
        output = (time, units) if self.output == "all" else (units,)
        products = time * (features + units) * width
        workspace = time * (2 * features + 2 * width + units)  # x, z, h and gradients
        return LayerPlan(output, params, products=products, workspace=workspace)


RecurrentT_co = TypeVar("RecurrentT_co", bound=RecurrentConfig, covariant=True)


class Recurrent(Layer[RecurrentT_co], ABC):
    """A recurrent layer; a subclass writes down one step and its way back.

    For evaluation alone, states that only `backward` needs are not kept beyond their step.
    """

    def __init__(self, config: RecurrentT_co, context: LayerContext) -> None:
        super().__init__(config, context)
        time, features = context.input_shape
        units, width = config.units, config.gates() * config.units
        trained = time if context.trains else 0
        self._weight = context.params["weight"]
        self._recurrent = context.params["recurrent_weight"]
        self._bias = context.params["bias"]
        self._x = Steps(context, time, features)
        self._z = Steps(context, time, width)
        self._h = Steps(context, trained or 1, units, extra=1)
        self._y = context.buffer(context.output_shape)
        self._padding = Padding(context, time)
        self._dz = Steps(context, trained, width)
        self._dx = Steps(context, 0 if context.input_grad is None else trained, features)
        self._dh = Steps(context, min(trained, 1) * 2, units)
        self._ones = np.ones(context.capacity * trained, context.dtype)

    @abstractmethod
    def step(self, t: int, z: Array, before: Array, now: Array) -> None:
        """Write the state after a step, for every example; padding is taken care of.

        Parameters
        ----------
        t
            Number of the step.
        z
            ``x[t] @ weight + bias``, ``(n, width)``; may be overwritten, and is given to
            `step_backward` then.
        before, now
            The state before and, to be written, after, ``(n, units)``.
        """

    @abstractmethod
    def step_backward(
        self, t: int, z: Array, before: Array, now: Array, *, dh: Array, dz: Array, dh_before: Array
    ) -> None:
        """Write the gradients with respect to ``z`` and to the state before.

        Parameters
        ----------
        t, z, before, now
            As `step` left them; ``now`` is ``before`` at padding.
        dh
            Gradient with respect to the state after, for reading only.
        dz, dh_before
            Where the gradients go.
        """

    @abstractmethod
    def recurrent_gradients(self, before: Array, dz: Array) -> None:
        """Assign the gradient of ``recurrent_weight``.

        Parameters
        ----------
        before
            The state before every step, ``(time * n, units)``.
        dz
            The gradient with respect to every ``z``, ``(time * n, width)``, 0 at padding.
        """

    @property
    def mask(self) -> Array | None:
        """That of the input for ``"all"``, None for ``"last"``."""
        return self.context.mask if self.config.output == "all" else None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply the inputs of all steps by the weight, then go through the steps."""
        n, y = len(x), self._y[: len(x)]
        inputs, z, h = self._x.of(n), self._z.of(n), self._h.of(n)
        np.copyto(inputs, x.swapaxes(0, 1))
        np.matmul(rows(inputs), self._weight.value, out=rows(z))
        np.add(z, self._bias.value, out=z)
        is_padding = self._padding.read(n)
        h[0].fill(0)
        for t in range(len(z)):
            before, now = h[t % len(h)], h[(t + 1) % len(h)]
            self.step(t, z[t], before, now)
            if is_padding is not None:
                np.copyto(now, before, where=is_padding[t])
            if self.config.output == "all":
                np.copyto(y[:, t], now)
        if self.config.output == "last":
            np.copyto(y, h[len(z) % len(h)])
        return y

    def backward(self, dy: Array) -> Array | None:
        """Go back through the steps; then each gradient is one product over all of them."""
        n, is_last = len(dy), self.config.output == "last"
        x, z, h, dz = self._x.of(n), self._z.of(n), self._h.of(n), self._dz.of(n)
        dh, dh_before = self._dh.of(n)
        is_padding = self._padding.of(n)
        dh.fill(0)
        if is_last:
            np.copyto(dh, dy)
        for t in reversed(range(len(z))):
            if not is_last:
                np.add(dh, dy[:, t], out=dh)
            self.step_backward(t, z[t], h[t], h[t + 1], dh=dh, dz=dz[t], dh_before=dh_before)
            if is_padding is not None:
                np.copyto(dz[t], 0, where=is_padding[t])
                np.copyto(dh_before, dh, where=is_padding[t])
            dh, dh_before = dh_before, dh
        flat = rows(dz)
        np.matmul(rows(x).T, flat, out=self._weight.grad)
        np.matmul(self._ones[: len(flat)], flat, out=self._bias.grad)
        self.recurrent_gradients(rows(h[:-1]), flat)
        if self.context.input_grad is None:
            return None
        dx, in_time = self.context.input_grad[:n], self._dx.of(n)
        np.matmul(flat, self._weight.value.T, out=rows(in_time))
        np.copyto(dx, in_time.swapaxes(0, 1))
        return dx
