"""What the configs of all convolutions have in common."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import model_validator

from layerkit.plugin import (
    INITIALIZERS,
    AnyInitializer,
    Fan,
    LayerConfig,
    ParameterPlan,
    Shape,
    ShapeError,
    default,
    is_table,
    problem,
)


class ConvolutionConfig(LayerConfig):
    """Base of the configs of convolutions.

    Attributes
    ----------
    bias
        Whether to add a bias.
    parametrization
        ``"standard"``, or ``"ntk"``: then the weight is divided by the square root of the number
        of inputs that an output is connected to, so that weights start with variance 1, however
        large the kernel.
    weight_initializer, bias_initializer
        What fills ``weight`` and ``bias``; by default ``by_activation`` and ``zeros``; of a weight
        with ``"ntk"`` a ``normal`` of deviation 1.
    """

    bias: bool = True
    parametrization: Literal["standard", "ntk"] = "standard"
    weight_initializer: AnyInitializer = default(INITIALIZERS, "by_activation")
    bias_initializer: AnyInitializer = default(INITIALIZERS, "zeros")

    @model_validator(mode="before")
    @classmethod
    def _ntk_weights_have_variance_one(cls, table: object) -> object:
        if is_table(table) and table.get("parametrization") == "ntk":
            return {"weight_initializer": {"type": "normal", "deviation": 1.0}, **table}
        return table

    def parameters(self, weight: Shape, filters: int, fan: Fan) -> dict[str, ParameterPlan]:
        """Return the plan of a weight of that shape, and of the bias."""
        params = {"weight": ParameterPlan(weight, self.weight_initializer, fan)}
        if self.bias:
            params["bias"] = ParameterPlan((filters,), self.bias_initializer, fan, decay=False)
        return params

    def factor(self, weight: ParameterPlan) -> float:
        """Return what the weight is multiplied by."""
        return 1 / math.sqrt(weight.fan.fan_in) if self.parametrization == "ntk" else 1.0


def check_filters(filters: int, groups: int) -> None:
    """Check that every group makes as many filters as any other.

    Raises
    ------
    ValueError
        If not.
    """
    if filters % groups:
        raise problem(
            "wrong-value",
            f"expected a multiple of groups = {groups} as filters, found {filters}",
            "every group of channels makes an equal part of the filters",
        )


def check_channels(what: str, x: Shape, groups: int) -> None:
    """Check that the channels make equal groups.

    Raises
    ------
    ShapeError
        If they do not.
    """
    if x[-1] % groups:
        raise ShapeError(
            f"{what} with groups = {groups} expects a multiple of {groups} channels; found "
            f"{x[-1]} in {x}",
            hint=f"set groups to a number that divides {x[-1]}",
        )
