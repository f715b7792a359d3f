"""Names of features on their way through layers, for layers that pick inputs by name."""

from __future__ import annotations

from collections.abc import Sequence

from layerkit.contracts.chain import Place
from layerkit.contracts.input_promises import check_passed_inputs
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.promises import check_layer_plan
from layerkit.errors import ShapeError
from layerkit.guard import fault, plugin_errors, shown
from layerkit.values import is_tuple


def for_features(
    layers: Sequence[LayerConfig], names: Sequence[str], places: Sequence[Place]
) -> tuple[LayerConfig, ...]:
    """Return layers one after another for inputs of those names, layers inside them too.

    Each layer gets the names of its own inputs; behind one that makes other numbers of them, there
    are none.

    Parameters
    ----------
    layers
        Of a network, or of a list in a composite.
    names
        Of the values of an example; none where they have no names.
    places
        Where each layer is in the spec.

    Raises
    ------
    ShapeError
        If a layer picks an input that is not there; it says which.
    """
    chain = list(layers)
    for index, (config, place) in enumerate(zip(layers, places, strict=True)):
        if not names:
            break
        try:
            with plugin_errors(config, ".".join(map(str, place))):
                chain[index] = _for_features(config, names)
                names = _names_after(chain[index], names)
        except ShapeError as error:
            raise ShapeError(str(error), (*place, *error.at), error.hint, error.origin) from error
    return tuple(chain)


def _for_features(config: LayerConfig, names: Sequence[str]) -> LayerConfig:
    found: object = config.for_features(names)
    if not isinstance(found, type(config)):
        reason = f"expected 'for_features' to return a {type(config).__name__}"
        raise fault(config, f"{reason}, found {shown(found)}")
    changed: dict[str, object] = {}
    for option, value in found:
        given: object = value
        inside = _inside(given, names, (option,))
        if inside is not given:
            changed[option] = inside
    return found.model_copy(update=changed) if changed else found


def _inside(value: object, names: Sequence[str], at: Place) -> object:
    """Return the value of an option with the lists of layers in it for inputs of those names."""
    if isinstance(value, LayerConfig):
        return for_features([value], names, [at])[0]
    if not is_tuple(value):
        return value
    layers = {index: each for index, each in enumerate(value) if isinstance(each, LayerConfig)}
    chain = for_features(list(layers.values()), names, [(*at, index) for index in layers])
    named = dict(zip(layers, chain, strict=True))
    inside = tuple(
        named[index] if index in named else _inside(each, names, (*at, index))
        for index, each in enumerate(value)
    )
    is_same = all(new is old for new, old in zip(inside, value, strict=True))
    return value if is_same else inside


def _names_after(config: LayerConfig, names: Sequence[str]) -> Sequence[str]:
    x = (len(names),)
    try:
        plan = config.plan(x)
    except ShapeError:
        return ()  # it is planned again, and the error is told
    check_layer_plan(config, plan, x)
    passed = check_passed_inputs(config, x, plan.output)
    return () if passed is None else [names[position] for position in passed.positions]
