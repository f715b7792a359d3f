"""What layers' configs say of their inputs: checked, as `layerkit.contracts.promises` does."""

from __future__ import annotations

import math
from typing import get_args

from layerkit.arrays import Shape
from layerkit.contracts.initializer import InitializerFamily
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_inputs import Missing, PassedInputs
from layerkit.contracts.promises import is_count, is_number
from layerkit.contracts.traits import LayerTraits
from layerkit.guard import fault, shown
from layerkit.values import is_sequence, is_tuple, unchecked


def check_vocabulary(config: LayerConfig) -> int | None:
    """Return how many ids a layer's inputs are of, None for numbers.

    Raises
    ------
    PluginError
        If ``vocabulary`` returns anything else.
    """
    found: object = config.vocabulary()
    if found is not None and not is_count(found):
        raise fault(
            config, f"expected 'vocabulary' to return a count or None, found {shown(found)}"
        )
    return config.vocabulary()


def check_id_counts(config: LayerConfig) -> int | tuple[int, ...] | None:
    """Return how many ids each input of a layer may be, None for numbers.

    Raises
    ------
    PluginError
        If ``id_counts`` returns anything else.
    """
    found: object = config.id_counts()
    is_right = found is None or is_count(found) or (is_tuple(found) and all(map(is_count, found)))
    if not is_right:
        reason = "expected 'id_counts' to return a count, a tuple of counts or None"
        raise fault(config, f"{reason}, found {shown(found)}")
    return config.id_counts()


def check_traits(config: LayerConfig) -> LayerTraits:
    """Return what a layer says of itself for warnings and initializers.

    Raises
    ------
    PluginError
        If ``traits`` returns anything but `LayerTraits`, or an initializer that there is not.
    """
    found = config.traits()
    if not isinstance(unchecked(found), LayerTraits):
        raise fault(config, f"expected 'traits' to return LayerTraits, found {shown(found)}")
    families: tuple[str, ...] = get_args(InitializerFamily)
    family: object = found.initializer
    if family is not None and family not in families:
        reason = f"expected the initializer of 'traits' to be one of {', '.join(families)} or None"
        raise fault(config, f"{reason}; found {shown(family)}")
    return found


def check_missing_values(config: LayerConfig) -> Missing:
    """Return what a layer does with missing values.

    Raises
    ------
    PluginError
        If ``missing_values`` returns none of the words for that.
    """
    found: object = config.missing_values()
    words: tuple[str, ...] = get_args(Missing)
    if found not in words:
        reason = f"expected 'missing_values' to return one of {', '.join(words)}"
        raise fault(config, f"{reason}; found {shown(found)}")
    return config.missing_values()


def check_passed_inputs(config: LayerConfig, x: Shape, output: Shape) -> PassedInputs | None:
    """Return which inputs a layer's outputs are, None where they are others.

    Raises
    ------
    PluginError
        If ``passed_inputs`` returns anything but a position of an input for every output.
    """
    found = unchecked(config.passed_inputs(x))
    if found is None:
        return None
    if not isinstance(found, PassedInputs):
        reason = "expected 'passed_inputs' to return PassedInputs or None"
        raise fault(config, f"{reason}, found {shown(found)}")
    positions, fill, inputs = unchecked(found.positions), unchecked(found.fill), math.prod(x)
    if not is_sequence(positions) or len(positions) != math.prod(output):
        reason = f"expected 'passed_inputs' to give a position for each of {math.prod(output)}"
        raise fault(config, f"{reason} outputs, found {shown(positions)}")
    if not all(type(each) is int and 0 <= each < inputs for each in positions):
        reason = f"expected 'passed_inputs' to give positions from 0 to {inputs - 1}"
        raise fault(config, f"{reason}, found {positions!r:.100}")
    if fill is not None and not is_number(fill):
        reason = "expected a number or None as 'fill' of 'passed_inputs'"
        raise fault(config, f"{reason}, found {shown(fill)}")
    return found
