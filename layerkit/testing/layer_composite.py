"""Checks of layers that are made of layers: what they must pass on to those inside.

The composite is built with a probe in place of every layer inside. A probe notes what reaches it
and uses all that a layer may do: it overwrites the gradient that it is given, and in `backward` the
outputs that it returned from `forward`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import final

import numpy as np
from pydantic import ConfigDict

from layerkit.arrays import Array, Shape
from layerkit.contracts.layer import Batches, Layer, LayerConfig
from layerkit.contracts.layer_context import LayerContext
from layerkit.contracts.layer_inputs import Missing, PassedInputs
from layerkit.contracts.layer_plan import LayerPlan, PlannedLayer
from layerkit.testing.expect import expect_close, expect_equal, expect_same
from layerkit.testing.layer_case import BuiltLayer, LayerCase


@dataclass
class _Notes:
    """What reached one layer inside.

    Attributes
    ----------
    trained, evaluated
        The inputs of every call of `forward`, for training and not.
    adapted, recalibrated
        What `adapt` and `recalibrate` were given, batch by batch; None if they were not called.
    """

    trained: list[Array] = field(default_factory=list[Array])
    evaluated: list[Array] = field(default_factory=list[Array])
    adapted: list[Array] | None = None
    recalibrated: list[Array] | None = None


class _ProbeConfig(LayerConfig):
    """The config of a layer inside, whose layer is built with a probe around it."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    inner: LayerConfig
    path: str
    notes: _Notes

    def plan(self, x: Shape) -> LayerPlan:
        """Return what the layer inside plans."""
        return self.inner.plan(x)

    def vocabulary(self) -> int | None:
        """Return that of the layer inside."""
        return self.inner.vocabulary()

    def id_counts(self) -> int | tuple[int, ...] | None:
        """Return those of the layer inside."""
        return self.inner.id_counts()

    def missing_values(self) -> Missing:
        """Return what the layer inside does."""
        return self.inner.missing_values()

    def passed_inputs(self, x: Shape) -> PassedInputs | None:
        """Return those of the layer inside."""
        return self.inner.passed_inputs(x)

    def build(self, context: LayerContext) -> Layer[LayerConfig]:
        """Return the layer, with a probe around it."""
        return _Probe(self, context, self.inner.build(context))


@final
class _Probe(Layer[_ProbeConfig]):
    """A layer inside a composite that overwrites all the memory that a layer may overwrite."""

    def __init__(
        self, config: _ProbeConfig, context: LayerContext, layer: Layer[LayerConfig]
    ) -> None:
        super().__init__(config, context)
        self._layer = layer
        self._notes = config.notes
        self._y = context.buffer(context.output_shape)
        self._kept = self._y.copy()

    @property
    def mask(self) -> Array | None:
        return self._layer.mask

    def forward(self, x: Array, *, training: bool) -> Array:
        notes = self._notes
        (notes.trained if training else notes.evaluated).append(x.copy())
        y = self._y[: len(x)]
        np.copyto(y, self._layer.forward(x, training=training))
        np.copyto(self._kept[: len(x)], y)
        return y

    def backward(self, dy: Array) -> Array | None:
        n = len(dy)
        expect_same(f"outputs of {self.config.path}, to be read only", self._kept[:n], self._y[:n])
        dx = self._layer.backward(dy.copy())
        if dx is not None and self.context.input_grad is not None:
            np.copyto(self.context.input_grad[:n], dx.copy())
            dx = self.context.input_grad[:n]
        dy.fill(np.nan)
        self._y.fill(np.nan)
        return dx

    def adapt(self, batches: Batches) -> None:
        self._notes.adapted = [*(self._notes.adapted or []), *_copies(batches())]
        self._layer.adapt(batches)

    def recalibrate(self, batches: Batches) -> None:
        self._notes.recalibrated = [*(self._notes.recalibrated or []), *_copies(batches())]
        self._layer.recalibrate(batches)


@dataclass(frozen=True, slots=True)
class _Probed:
    """A composite that is built with probes, and what they note, by path."""

    built: BuiltLayer
    notes: dict[str, _Notes]


def _copies(batches: Iterable[Array]) -> list[Array]:
    return [x.copy() for x in batches]


def _probed(case: LayerCase, *, wants_input_grad: bool = True) -> _Probed:
    """Return the composite with a probe in place of every layer inside, however deep."""
    built = case.build(case.largest, wants_input_grad=wants_input_grad)
    notes: dict[str, _Notes] = {}

    def with_probes(plan: LayerPlan, above: str) -> LayerPlan:
        layers: list[PlannedLayer] = []
        for each in plan.layers:
            path = f"{above}{each.name}"
            notes[path] = _Notes()
            probe = _ProbeConfig(
                name=each.config.name, inner=each.config, path=path, notes=notes[path]
            )
            below = with_probes(each.plan, f"{path}.")
            layers.append(PlannedLayer(each.name, probe, each.input_shape, below))
        return replace(plan, layers=tuple(layers))

    context = built.layer.context
    plan = with_probes(built.plan, "")
    layer = case.config.build(replace(context, plan=plan))
    return _Probed(BuiltLayer(case, plan, layer), notes)


def _two_batches(case: LayerCase) -> list[Array]:
    return [case.inputs(case.largest), case.inputs(max(1, case.largest - 1), "second batch")]


def training_reaches_every_layer(case: LayerCase) -> None:
    """Check that `training` is passed on to layers inside, in training and in evaluation."""
    probed = _probed(case)
    x, dy = case.inputs(case.largest), case.output_gradient(case.largest)
    probed.built.train(x, dy)
    for path, notes in probed.notes.items():
        expect_equal(f"calls of {path} with training=False, in training", 0, len(notes.evaluated))
        notes.trained.clear()
    probed.built.evaluate(x)
    for path, notes in probed.notes.items():
        expect_equal(f"calls of {path} with training=True, in evaluation", 0, len(notes.trained))


def layers_inside_may_overwrite(case: LayerCase) -> None:
    """Check that nothing of a layer inside is read after it may have been overwritten.

    A layer may overwrite ``dy`` in `backward`, and what it returned when it is called again. What
    it returns is for reading only.
    """
    x, dy = case.inputs(case.largest), case.output_gradient(case.largest)
    expected = case.build(case.largest).train(x, dy)
    found = _probed(case).built.train(x, dy)
    expect_equal("arrays computed", sorted(expected), sorted(found))
    for name, array in expected.items():
        expect_close(f"{name} with layers that overwrite dy", array, found[name], 1e-12)


def adapt_reaches_every_layer(case: LayerCase) -> None:
    """Check that `adapt` is passed on, with the inputs of each layer."""
    probed, batches = _probed(case), _two_batches(case)
    probed.built.layer.adapt(lambda: iter(batches))
    found = {path: notes.adapted for path, notes in probed.notes.items()}
    _expect_reached(probed, "adapt", batches, found)


def recalibrate_reaches_every_layer(case: LayerCase) -> None:
    """Check that `recalibrate` is passed on, with the inputs of each layer."""
    probed, batches = _probed(case), _two_batches(case)
    probed.built.layer.recalibrate(lambda: iter(batches))
    found = {path: notes.recalibrated for path, notes in probed.notes.items()}
    _expect_reached(probed, "recalibrate", batches, found)


def _expect_reached(
    probed: _Probed, method: str, batches: list[Array], found: dict[str, list[Array] | None]
) -> None:
    """Check that layers got their inputs in evaluation, once all are adapted."""
    for path, given in found.items():
        if given is None:
            raise AssertionError(
                f"expected {method} to be passed on to {path}, found that it was not called: "
                "derive from Composite and assign self.chains"
            )
        expect_equal(f"batches given to {method} of {path}", len(batches), len(given))
    for index, batch in enumerate(batches):
        for notes in probed.notes.values():
            notes.evaluated.clear()
        probed.built.evaluate(batch)
        for path, given in found.items():
            for reached in probed.notes[path].evaluated:
                if given is not None:
                    expect_same(f"batch {index} given to {method} of {path}", reached, given[index])


COMPOSITE_CHECKS: tuple[Callable[[LayerCase], None], ...] = (
    layers_inside_may_overwrite,
    training_reaches_every_layer,
    adapt_reaches_every_layer,
    recalibrate_reaches_every_layer,
)
"""For layers whose plan has layers inside."""
