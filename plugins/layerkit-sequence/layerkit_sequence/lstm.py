"""Long short-term memory."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Gt
from pydantic import Field

from layerkit.plugin import (
    INITIALIZERS,
    AnyInitializer,
    Array,
    Fan,
    Initializer,
    InitializerConfig,
    Layer,
    LayerConfig,
    LayerContext,
    LayerPlan,
    ParameterPlan,
    Shape,
    default,
)
from layerkit_sequence.steps import Padding, Steps, rows, sequence

GATES = 4


class ForgetBiasConfig(InitializerConfig):
    """What the bias of an `Lstm` starts from: ``forget`` at the forget gate, else 0."""

    type: Literal["lstm_bias"] = "lstm_bias"
    forget: float = 1.0


@final
class ForgetBias(Initializer[ForgetBiasConfig]):
    """See `ForgetBiasConfig`."""

    def fill(self, out: Array, fan: Fan, rng: np.random.Generator) -> None:
        """Fill the second quarter."""
        units = len(out) // GATES
        out.fill(0)
        out[units : 2 * units] = self.config.forget


class LstmConfig(LayerConfig):
    """Long short-term memory, ``(time, features) -> (time, units)`` or ``-> (units,)``.

    ``i, f, g, o = split(x[t] @ weight + h[t - 1] @ recurrent_weight + bias)``, then
    ``c[t] = sigmoid(f) * c[t - 1] + sigmoid(i) * tanh(g)`` and
    ``h[t] = sigmoid(o) * tanh(c[t])``, from ``c = h = 0``.

    The gates (input, forget, cell, output) are in the order of PyTorch and Keras. As in Keras,
    ``weight`` is ``(features, 4 * units)``, ``recurrent_weight`` ``(units, 4 * units)``, and there
    is one ``bias`` ``(4 * units,)``. PyTorch's ``weight_ih`` and ``weight_hh`` are the transposes
    of these weights, and the sum of its ``bias_ih`` and ``bias_hh`` is this bias.

    Where the mask says that a step is padding, ``c`` and ``h`` stay as they were, as in Keras;
    PyTorch's packed sequences put out 0 there.

    Attributes
    ----------
    units
        Size of ``h`` and ``c``, at least 1.
    output
        ``"all"`` for ``h`` at every step (Keras: ``return_sequences``), ``"last"`` for ``h`` at the
        last step that counts.
    forget_bias
        What the bias of the forget gate starts from; the rest starts from 0. 1 as in Keras; PyTorch
        draws all of it at random.
    weight_initializer, recurrent_initializer
        What fills ``weight`` and ``recurrent_weight``; by default ``xavier_uniform``. Keras
        starts the recurrent weight orthogonal; PyTorch draws both from ``±1 / sqrt(units)``.

    References
    ----------
    Hochreiter, Schmidhuber (1997), Long short-term memory.
    Gers, Schmidhuber, Cummins (2000), Learning to forget: continual prediction with LSTM.
    Jozefowicz, Zaremba, Sutskever (2015), An empirical exploration of recurrent network
    architectures (on the bias of the forget gate).
    """

    type: Literal["lstm"] = "lstm"
    units: Annotated[int, Gt(0), Field(examples=[32])]
    output: Literal["all", "last"] = "all"
    forget_bias: float = 1.0
    weight_initializer: AnyInitializer = default(INITIALIZERS, "xavier_uniform")
    recurrent_initializer: AnyInitializer = default(INITIALIZERS, "xavier_uniform")

    def plan(self, x: Shape) -> LayerPlan:
        """Plan the weights of all gates side by side."""
        time, features = sequence("lstm", x)
        units, width = self.units, GATES * self.units
        fan, recurrent = Fan(features, width), Fan(units, width)
        params = {
            "weight": ParameterPlan((features, width), self.weight_initializer, fan),
            "recurrent_weight": ParameterPlan(
                (units, width), self.recurrent_initializer, recurrent
            ),
            "bias": ParameterPlan(
                (width,), ForgetBiasConfig(forget=self.forget_bias), fan, decay=False
            ),
        }
        output = (time, units) if self.output == "all" else (units,)
        products = time * (features + units) * width
        workspace = time * (2 * features + 2 * width + 3 * units)  # x, gates, c, h and gradients
        return LayerPlan(output, params, products=products, workspace=workspace)


@final
class Lstm(Layer[LstmConfig]):
    """See `LstmConfig`.

    For evaluation alone, arrays that only `backward` needs are not kept beyond their step.
    """

    def __init__(self, config: LstmConfig, context: LayerContext) -> None:
        super().__init__(config, context)
        time, features = context.input_shape
        units, trained = config.units, time if context.trains else 0
        self._weight = context.params["weight"]
        self._recurrent = context.params["recurrent_weight"]
        self._bias = context.params["bias"]
        # sigmoid(z) = tanh(z / 2) / 2 + 1 / 2, so that one tanh does all four gates.
        self._scale = np.repeat(np.array([0.5, 0.5, 1.0, 0.5], context.dtype), units)
        self._shift = 1 - self._scale
        self._x = Steps(context, time, features)
        self._gates = Steps(context, time, GATES * units)
        self._product = Steps(context, 1, GATES * units)
        self._c = Steps(context, trained or 1, units, extra=1)
        self._h = Steps(context, trained or 1, units, extra=1)
        self._tanh_c = Steps(context, trained or 1, units)
        self._y = context.buffer(context.output_shape)
        self._padding = Padding(context, time)
        self._dz = Steps(context, trained, GATES * units)
        self._dx = Steps(context, 0 if context.input_grad is None else trained, features)
        self._state_grads = Steps(context, min(trained, 1) * 5, units)
        self._ones = np.ones(context.capacity * trained, context.dtype)

    @property
    def mask(self) -> Array | None:
        """That of the input for ``"all"``, None for ``"last"``."""
        return self.context.mask if self.config.output == "all" else None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply the inputs of all steps by the weight, then go through the steps."""
        n, y = len(x), self._y[: len(x)]
        inputs, gates = self._x.of(n), self._gates.of(n)
        np.copyto(inputs, x.swapaxes(0, 1))
        np.matmul(rows(inputs), self._weight.value, out=rows(gates))
        np.add(gates, self._bias.value, out=gates)
        c, h, tanh_c = self._c.of(n), self._h.of(n), self._tanh_c.of(n)
        (product,) = self._product.of(n)
        is_padding = self._padding.read(n)
        c[0].fill(0)
        h[0].fill(0)
        for t, z in enumerate(gates):
            before, now, bent = t % len(c), (t + 1) % len(c), tanh_c[t % len(tanh_c)]
            np.matmul(h[before], self._recurrent.value, out=product)
            np.add(z, product, out=z)
            np.multiply(z, self._scale, out=z)
            np.tanh(z, out=z)
            np.multiply(z, self._scale, out=z)
            np.add(z, self._shift, out=z)
            i, f, g, o = self._split(z)
            np.multiply(f, c[before], out=c[now])
            np.multiply(i, g, out=bent)
            np.add(c[now], bent, out=c[now])
            np.tanh(c[now], out=bent)
            np.multiply(o, bent, out=h[now])
            if is_padding is not None:
                np.copyto(c[now], c[before], where=is_padding[t])
                np.copyto(h[now], h[before], where=is_padding[t])
            if self.config.output == "all":
                np.copyto(y[:, t], h[now])
        if self.config.output == "last":
            np.copyto(y, h[len(gates) % len(h)])
        return y

    def backward(self, dy: Array) -> Array | None:
        """Go back through the steps; then each gradient is one product over all of them."""
        n, is_last = len(dy), self.config.output == "last"
        x, c, h, dz = self._x.of(n), self._c.of(n), self._h.of(n), self._dz.of(n)
        gates, tanh_c, is_padding = self._gates.of(n), self._tanh_c.of(n), self._padding.of(n)
        dh, dc, dh_before, dc_before, scratch = self._state_grads.of(n)
        dc.fill(0)
        dh.fill(0)
        if is_last:
            np.copyto(dh, dy)
        for t in reversed(range(len(gates))):
            if not is_last:
                np.add(dh, dy[:, t], out=dh)
            self._backward_gates(
                gates[t],
                tanh_c[t],
                c[t],
                dh=dh,
                dc=dc,
                dz=dz[t],
                dc_before=dc_before,
                scratch=scratch,
            )
            if is_padding is not None:
                np.copyto(dz[t], 0, where=is_padding[t])
                np.copyto(dc_before, dc, where=is_padding[t])
            np.matmul(dz[t], self._recurrent.value.T, out=dh_before)
            if is_padding is not None:
                np.copyto(dh_before, dh, where=is_padding[t])
            dh, dc, dh_before, dc_before = dh_before, dc_before, dh, dc
        flat = rows(dz)
        np.matmul(rows(x).T, flat, out=self._weight.grad)
        np.matmul(rows(h[:-1]).T, flat, out=self._recurrent.grad)
        np.matmul(self._ones[: len(flat)], flat, out=self._bias.grad)
        if self.context.input_grad is None:
            return None
        dx, in_time = self.context.input_grad[:n], self._dx.of(n)
        np.matmul(flat, self._weight.value.T, out=rows(in_time))
        np.copyto(dx, in_time.swapaxes(0, 1))
        return dx

    def _backward_gates(
        self,
        gates: Array,
        tanh_c: Array,
        c_before: Array,
        *,
        dh: Array,
        dc: Array,
        dz: Array,
        dc_before: Array,
        scratch: Array,
    ) -> None:
        """Write the gradients before the gates and of the state before into dz and dc_before."""
        (i, f, g, o), (di, df, dg, do) = self._split(gates), self._split(dz)
        total = dc_before  # for now: dc + dh * o * (1 - tanh(c)²)
        np.multiply(tanh_c, tanh_c, out=total)
        np.subtract(1, total, out=total)
        np.multiply(total, o, out=total)
        np.multiply(total, dh, out=total)
        np.add(total, dc, out=total)
        for gate, grad, other, factor in (
            (o, do, tanh_c, dh),
            (i, di, g, total),
            (f, df, c_before, total),
        ):
            np.subtract(1, gate, out=scratch)
            np.multiply(scratch, gate, out=scratch)
            np.multiply(scratch, other, out=scratch)
            np.multiply(scratch, factor, out=grad)
        np.multiply(g, g, out=scratch)
        np.subtract(1, scratch, out=scratch)
        np.multiply(scratch, i, out=scratch)
        np.multiply(scratch, total, out=dg)
        np.multiply(total, f, out=dc_before)

    def _split(self, gates: Array) -> tuple[Array, Array, Array, Array]:
        """Return what belongs to the input, forget, cell and output gate."""
        units = self.config.units
        return (
            gates[:, :units],
            gates[:, units : 2 * units],
            gates[:, 2 * units : 3 * units],
            gates[:, 3 * units :],
        )
