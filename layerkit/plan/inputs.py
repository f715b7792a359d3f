"""Which data reach which layers: ids among numbers, and missing values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from layerkit.arrays import IdRange, Shape
from layerkit.contracts.chain import Place, inner_chains, plan_chain
from layerkit.contracts.dataset import DataInfo
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_plan import LayerPlan
from layerkit.contracts.missing import does_with_missing
from layerkit.contracts.naming import for_features
from layerkit.spec.diagnostics import Problem


@dataclass(frozen=True, slots=True)
class InputPlan:
    """What layers make of the inputs.

    Attributes
    ----------
    ids
        The inputs that layers read as ids, by their position in an example; without those of data
        that are ids themselves, unless a layer has fewer.
    problems
        What cannot be.
    """

    ids: Mapping[int, IdRange]
    problems: Sequence[Problem]


@dataclass(frozen=True, slots=True)
class _Reaching:
    """Inputs of the network that reach a layer as they are.

    Attributes
    ----------
    shape
        In which they reach it.
    positions
        Of each in an example.
    fills
        What stands in place of missing ones, and the layer which has put it there.
    direct
        Whether no layer came before.
    """

    shape: Shape
    positions: Sequence[int]
    fills: tuple[tuple[float, Place], ...] = ()
    direct: bool = True


def plan_layers(layers: Sequence[LayerConfig], info: DataInfo) -> tuple[LayerPlan, InputPlan]:
    """Return the plan of a network's layers, and what they make of the inputs.

    Raises
    ------
    ShapeError
        If a layer cannot work on its input shape, or picks an input that is not there.
    """
    named = for_features(layers, info.features, [place for place, _ in _placed(layers)])
    chain = plan_chain(named, info.input_shape)
    return chain, plan_inputs(named, info)


def plan_inputs(layers: Sequence[LayerConfig], info: DataInfo) -> InputPlan:
    """Return which inputs are read as ids, and problems where ids or missing values cannot be.

    Parameters
    ----------
    layers
        Those of the network, which fit the data's shape.
    info
        What is known of the data.
    """
    tracer = _Tracer(info)
    shape = info.input_shape
    tracer.trace(_placed(layers), _Reaching(shape, range(math.prod(shape))))
    missing = missing_problems(layers) if info.has_missing else ()
    return InputPlan(tracer.ids, [*tracer.problems, *missing])


def missing_problems(layers: Sequence[LayerConfig]) -> Iterator[Problem]:
    """Yield the layers that missing values of the data reach and that take none."""
    chain = _placed(layers)
    for place, layer in chain:
        does = does_with_missing(layer)
        if does == "fills":
            return
        if does == "refuses":
            for loc, refusing in _refusing(place, layer):
                reason = f"{refusing.display_name} takes no missing values, which the data may have"
                yield Problem(loc, "missing-values", reason, _FILL_FIRST)
            return
    reason = "missing values, which the data may have, reach the network's output"
    yield Problem(chain[-1][0], "missing-values", reason, _FILL_FIRST)


_FILL_FIRST = 'put { type = "fill_missing" } first'


def _refusing(place: Place, layer: LayerConfig) -> list[tuple[Place, LayerConfig]]:
    """Return the layers inside that refuse what reaches this one; itself if there are none."""
    found: list[tuple[Place, LayerConfig]] = []
    for chain in inner_chains(layer):
        for below, inner in chain:
            does = does_with_missing(inner)
            if does == "refuses":
                found += _refusing((*place, *below), inner)
            if does != "passes":
                break
    return found or [(place, layer)]


def _placed(layers: Sequence[LayerConfig]) -> list[tuple[Place, LayerConfig]]:
    return [(("layers", index), layer) for index, layer in enumerate(layers)]


class _Tracer:
    """Follows the inputs through layers that pass them on, to those that read them."""

    def __init__(self, info: DataInfo) -> None:
        self._info = info
        self.ids: dict[int, IdRange] = {}
        self.problems: list[Problem] = []

    def trace(self, chain: Sequence[tuple[Place, LayerConfig]], reaching: _Reaching | None) -> None:
        """Follow what reaches the first layer of a chain; None: only other numbers do."""
        for place, layer in chain:
            inner = list(inner_chains(layer))
            for each in inner:
                self.trace([((*place, *below), one) for below, one in each], reaching)
            if not inner:
                self._read(place, layer, reaching)
            reaching = _passed(place, layer, reaching)

    def _read(self, place: Place, layer: LayerConfig, reaching: _Reaching | None) -> None:
        """Note what a layer without others inside makes of inputs that reach it."""
        ids, name = self._info.vocabulary, layer.display_name
        counts = layer.id_counts()
        if reaching is None:
            if counts is not None:
                reason = f"{name} expects ids, found numbers that other layers make"
                self._report(place, reason, "only layers that pass inputs on may come before")
            return
        if counts is None:
            if ids is not None and layer.passed_inputs(reaching.shape) is None:
                reason = f"{name} expects numbers, found ids in the data"
                self._report(place, reason, "begin with an embedding layer")
            return
        if ids is None and reaching.direct and layer.vocabulary() is not None:
            reason = f"{name} expects ids, found numbers in the data"
            hint = "the dataset must say how many ids there are; or put columns first, to pick ids"
            self._report(place, reason, hint)
            return
        least = counts if isinstance(counts, int) else min(counts)
        if ids is not None and reaching.direct and least < ids:
            reason = f"expected a vocabulary of at least the data's {ids}, found {least}"
            self.problems.append(Problem(place, "wrong-value", reason))
            return
        self._note(place, layer, reaching, counts)

    def _note(
        self, place: Place, layer: LayerConfig, reaching: _Reaching, counts: int | tuple[int, ...]
    ) -> None:
        """Note that inputs are read as ids, each of so many."""
        ids, scale = self._info.vocabulary, self._info.scale
        if scale != 1:
            reason = f"{layer.display_name} expects ids, found numbers that the data scale by"
            self._report(place, f"{reason} {scale:g}", "the dataset must leave them as they are")
            return
        for index, position in enumerate(reaching.positions):
            count = counts if isinstance(counts, int) else counts[index % len(counts)]
            if ids is None or count < ids:
                own = IdRange(count, is_filled=bool(reaching.fills))
                self.ids[position] = self.ids.get(position, own).within(own)
        least = counts if isinstance(counts, int) else min(counts)
        for fill, filler in reaching.fills:
            if not (fill.is_integer() and 0 <= fill < least):
                reason = f"expected an id from 0 to {least - 1} in place of missing values"
                hint = f"{'.'.join(map(str, place))}, {layer.display_name}, reads ids"
                self.problems.append(
                    Problem(filler, "wrong-value", f"{reason}, found {fill:g}", hint)
                )

    def _report(self, place: Place, reason: str, hint: str) -> None:
        self.problems.append(Problem(place, "shape", reason, hint))


def _passed(place: Place, layer: LayerConfig, reaching: _Reaching | None) -> _Reaching | None:
    """Return what of the inputs reaches the next layer as it is."""
    passed = None if reaching is None else layer.passed_inputs(reaching.shape)
    if reaching is None or passed is None:
        return None
    fills = reaching.fills if passed.fill is None else (*reaching.fills, (passed.fill, place))
    positions = [reaching.positions[each] for each in passed.positions]
    shape = layer.plan(reaching.shape).output
    return _Reaching(shape, positions, fills, direct=False)
