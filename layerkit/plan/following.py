"""Which activation follows a layer: the default of its weights' initializer depends on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from layerkit.contracts.activation import ActivationConfig
from layerkit.contracts.chain import inner_chains
from layerkit.contracts.initializer import Fan, InitializerFamily
from layerkit.contracts.input_promises import check_traits
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_plan import LayerPlan, PlannedLayer


def with_activations(chain: LayerPlan) -> LayerPlan:
    """Return the plan of a network whose fans say what follows, where an initializer needs it.

    The activation that follows a layer is the next one on the way to the loss, with no layer
    between that has weights. Of layers in several chains, the first chain is looked into.
    """
    return replace(chain, layers=_linked(chain.layers, ()))


def _linked(
    layers: Sequence[PlannedLayer], behind: Sequence[PlannedLayer]
) -> tuple[PlannedLayer, ...]:
    """Return the layers of a chain, given those behind it, with fans that say what follows."""
    return tuple(
        replace(layer, plan=_linked_plan(layer, (*layers[index + 1 :], *behind)))
        for index, layer in enumerate(layers)
    )


def _linked_plan(layer: PlannedLayer, behind: Sequence[PlannedLayer]) -> LayerPlan:
    inner = [each for chain in _chains(layer) for each in _linked(chain, behind)]
    params = dict(layer.plan.params)
    for name, param in params.items():
        if param.initializer.follows_activation:
            fan = _fan(param.fan, behind)
            params[name] = replace(param, fan=fan)
    return replace(layer.plan, params=params, layers=tuple(inner))


def _fan(fan: Fan, behind: Sequence[PlannedLayer]) -> Fan:
    for layer in _flat(behind):
        family = _family(layer.config)
        if family is not None:
            return replace(fan, family=family, activation=layer.config.display_name)
        if any(param.decay for param in layer.plan.params.values()):
            break
    return fan


def _flat(layers: Sequence[PlannedLayer]) -> list[PlannedLayer]:
    """Return layers with those inside them in their place; of several chains, the first."""
    found: list[PlannedLayer] = []
    for layer in layers:
        chains = _chains(layer)
        found += [layer, *(_flat(chains[0]) if chains else ())]
    return found


def _family(config: LayerConfig) -> InitializerFamily | None:
    found = check_traits(config).initializer
    return "xavier" if found is None and isinstance(config, ActivationConfig) else found


def _chains(layer: PlannedLayer) -> list[Sequence[PlannedLayer]]:
    """Return the chains of layers inside a composite; a chain that is repeated is one."""
    numbers: Mapping[int, int] = {
        id(config): number
        for number, chain in enumerate(inner_chains(layer.config))
        for _, config in chain
    }
    if len({*numbers.values()}) < 2:
        return [layer.plan.layers] if layer.plan.layers else []
    grouped = groupby(layer.plan.layers, lambda each: numbers.get(id(each.config), -1))
    return [tuple(group) for _, group in grouped]
