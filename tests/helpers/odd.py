"""Components whose methods are functions that a test passes in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NoReturn

from layerkit.arrays import Shape
from layerkit.contracts.dataset import DataInfo, DatasetConfig, Target
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_plan import LayerPlan
from layerkit.contracts.loss import LossConfig
from layerkit.contracts.metric import ScalarMetricConfig
from layerkit.contracts.output import LossPlan

Maker = Callable[[Shape], LayerPlan]


class OddConfig(LayerConfig):
    type: Literal["odd"] = "odd"
    made: Maker

    def plan(self, x: Shape) -> LayerPlan:
        return self.made(x)


class OddData(DatasetConfig):
    type: Literal["odd_data"] = "odd_data"
    known: Callable[[], DataInfo]

    def info(self) -> DataInfo:
        return self.known()


class OddLoss(LossConfig):
    type: Literal["odd_loss"] = "odd_loss"
    checks: Callable[[Shape, Target], None]

    def plan(self, output: Shape, target: Target) -> LossPlan:
        self.checks(output, target)
        return LossPlan(output)


class OddMetric(ScalarMetricConfig):
    higher_is_better = True
    type: Literal["odd_metric"] = "odd_metric"
    checks: Callable[[Shape, Target], None]

    def check(self, prediction: Shape, target: Target) -> None:
        self.checks(prediction, target)


def raising(error: BaseException) -> Callable[..., NoReturn]:
    def raised(*_: object) -> NoReturn:
        raise error

    return raised
