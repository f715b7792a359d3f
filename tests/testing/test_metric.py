from __future__ import annotations

from typing import ClassVar, Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape, Targets
from layerkit.contracts.dataset import Target, VectorTarget
from layerkit.contracts.metric import Metric, MetricConfig
from layerkit.contracts.output import OutputContext
from layerkit.errors import ShapeError
from layerkit.testing.metric import check_metric


class DistanceConfig(MetricConfig):
    """A right metric, the mean absolute distance."""

    higher_is_better: ClassVar[bool] = False

    def check(self, output: Shape, target: Target) -> None:
        if target != VectorTarget(output):
            raise ShapeError(f"expects targets of shape {output}, found {target}")


DistanceT_co = TypeVar("DistanceT_co", bound=DistanceConfig, covariant=True)


class Distance(Metric[DistanceT_co]):
    def __init__(self, config: DistanceT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        self.total = 0.0
        self.seen = 0

    def reset(self) -> None:
        self.total = 0.0
        self.seen = 0

    def update(self, outputs: Array, targets: Targets) -> None:
        self.total += float(np.abs(outputs - targets).sum())
        self.seen += outputs.size

    def result(self) -> float:
        return self.total / max(self.seen, 1)


class RightConfig(DistanceConfig):
    type: Literal["right"] = "right"


@final
class Right(Distance[RightConfig]):
    pass


class AveragesBatchesConfig(DistanceConfig):
    type: Literal["averages_batches"] = "averages_batches"


@final
class AveragesBatches(Distance[AveragesBatchesConfig]):
    def update(self, outputs: Array, targets: Targets) -> None:
        self.total += float(np.abs(outputs - targets).mean())
        self.seen += 1


class LastBatchOnlyConfig(DistanceConfig):
    type: Literal["last_batch_only"] = "last_batch_only"


@final
class LastBatchOnly(Distance[LastBatchOnlyConfig]):
    def update(self, outputs: Array, targets: Targets) -> None:
        self.reset()
        super().update(outputs, targets)


class NeverForgetsConfig(DistanceConfig):
    type: Literal["never_forgets"] = "never_forgets"


@final
class NeverForgets(Distance[NeverForgetsConfig]):
    def reset(self) -> None:
        self.seen = 0


class ResultResetsConfig(DistanceConfig):
    type: Literal["result_resets"] = "result_resets"


@final
class ResultResets(Distance[ResultResetsConfig]):
    def result(self) -> float:
        result = super().result()
        self.reset()
        return result


class WritesOutputsConfig(DistanceConfig):
    type: Literal["writes_outputs"] = "writes_outputs"


@final
class WritesOutputs(Distance[WritesOutputsConfig]):
    def update(self, outputs: Array, targets: Targets) -> None:
        np.subtract(outputs, targets, out=outputs)
        super().update(outputs, np.zeros_like(outputs))


class NotANumberConfig(DistanceConfig):
    type: Literal["not_a_number"] = "not_a_number"


@final
class NotANumber(Distance[NotANumberConfig]):
    def result(self) -> float:
        return float("nan")


class CountsConfig(DistanceConfig):
    type: Literal["counts"] = "counts"


@final
class Counts(Distance[CountsConfig]):
    def result(self) -> float:
        return self.seen


class TakesAnythingConfig(DistanceConfig):
    type: Literal["takes_anything"] = "takes_anything"

    def check(self, output: Shape, target: Target) -> None:
        pass


@final
class TakesAnything(Distance[TakesAnythingConfig]):
    pass


class NoDirectionConfig(MetricConfig):
    type: Literal["no_direction"] = "no_direction"

    def check(self, output: Shape, target: Target) -> None:
        DistanceConfig.check(RightConfig(), output, target)


@final
class NoDirection(Metric[NoDirectionConfig]):
    def reset(self) -> None:
        pass

    def update(self, outputs: Array, targets: Targets) -> None:
        pass

    def result(self) -> float:
        return 0.0


def test_a_right_metric_passes() -> None:
    check_metric(RightConfig(), output_shape=(3,), target=VectorTarget((3,)))


@pytest.mark.parametrize(
    ("config", "check"),
    [
        (AveragesBatchesConfig(), "streaming"),
        (LastBatchOnlyConfig(), "streaming"),
        (NeverForgetsConfig(), "reset"),
        (ResultResetsConfig(), "result_is_repeatable"),
        (WritesOutputsConfig(), "arguments_untouched"),
        (NotANumberConfig(), "result_is_finite"),
        (CountsConfig(), "result_is_finite"),
        (TakesAnythingConfig(), "refuses_other_outputs"),
        (NoDirectionConfig(), "says_which_way_is_better"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, MetricConfig) else "",
)
def test_a_wrong_metric_is_caught_by_name(config: MetricConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: metric '{config.type_name()}'"):
        check_metric(config, output_shape=(3,), target=VectorTarget((3,)))
