"""What layers do with missing values, one after another."""

from __future__ import annotations

from collections.abc import Sequence

from layerkit.contracts.input_promises import check_id_counts, check_missing_values
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_inputs import Missing


def does_with_missing(layer: LayerConfig) -> Missing:
    """Return what a layer does with missing values that may be among the data.

    One that reads ids stops them: ids are checked where data enter the network, and nan is none.

    Raises
    ------
    PluginError
        If the layer's config returns something else.
    """
    return "fills" if check_id_counts(layer) is not None else check_missing_values(layer)


def chain_missing_values(layers: Sequence[LayerConfig]) -> Missing:
    """Return what layers one after another do with missing values that reach the first.

    For the ``missing_values`` of a composite; without layers, they are passed on.
    """
    for layer in layers:
        does = does_with_missing(layer)
        if does != "passes":
            return does
    return "passes"
