from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape, Targets
from layerkit.contracts.dataset import Target, VectorTarget
from layerkit.contracts.metric import Metric, MetricConfig, ScalarMetric, ScalarMetricConfig
from layerkit.contracts.output import OutputContext
from layerkit.errors import ShapeError
from layerkit.testing.metric import check_metric


class DistanceConfig(ScalarMetricConfig):
    """A right metric, the mean absolute distance."""

    higher_is_better: ClassVar[bool] = False

    def check(self, prediction: Shape, target: Target) -> None:
        if target != VectorTarget(prediction):
            raise ShapeError(f"expects targets of shape {prediction}, found {target}")


DistanceT_co = TypeVar("DistanceT_co", bound=DistanceConfig, covariant=True)


class Distance(ScalarMetric[DistanceT_co]):
    def __init__(self, config: DistanceT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        self.total = 0.0
        self.seen = 0.0

    def reset(self) -> None:
        self.total = 0.0
        self.seen = 0.0

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        distances = np.abs(predictions - targets).mean(axis=-1)
        self.total += float(np.sum(weights * distances, dtype=np.float64))
        self.seen += float(weights.sum(dtype=np.float64))

    def result(self) -> float:
        return self.total / self.seen if self.seen else 0.0


class HistogramConfig(MetricConfig):
    """A right metric without figures: how often a value was predicted too large or too small."""

    def check(self, prediction: Shape, target: Target) -> None:
        DistanceConfig.check(RightConfig(), prediction, target)

    def figures(self, target: Target) -> Mapping[str, bool]:
        return {}


HistogramT_co = TypeVar("HistogramT_co", bound=HistogramConfig, covariant=True)


class Histogram(Metric[HistogramT_co]):
    def __init__(self, config: HistogramT_co, context: OutputContext) -> None:
        super().__init__(config, context)
        self.counts: Array = np.zeros((2, *context.plan.prediction))

    def reset(self) -> None:
        self.counts.fill(0)

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        weights = weights[..., np.newaxis]
        self.counts[0] += np.sum(weights * (predictions > targets), axis=0)
        self.counts[1] += np.sum(weights * (predictions < targets), axis=0)

    def results(self) -> Mapping[str, float]:
        return {}

    def tables(self) -> Mapping[str, Array]:
        return {self.config.display_name: self.counts.copy()}


class RightConfig(DistanceConfig):
    type: Literal["right"] = "right"


@final
class Right(Distance[RightConfig]):
    pass


class RightTableConfig(HistogramConfig):
    type: Literal["right_table"] = "right_table"


@final
class RightTable(Histogram[RightTableConfig]):
    pass


class AveragesBatchesConfig(DistanceConfig):
    type: Literal["averages_batches"] = "averages_batches"


@final
class AveragesBatches(Distance[AveragesBatchesConfig]):
    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        self.total += float(np.abs(predictions - targets).mean())
        self.seen += 1


class LastBatchOnlyConfig(DistanceConfig):
    type: Literal["last_batch_only"] = "last_batch_only"


@final
class LastBatchOnly(Distance[LastBatchOnlyConfig]):
    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        self.reset()
        super().update(predictions, targets, weights)


class IgnoresWeightsConfig(DistanceConfig):
    type: Literal["ignores_weights"] = "ignores_weights"


@final
class IgnoresWeights(Distance[IgnoresWeightsConfig]):
    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        super().update(predictions, targets, np.ones_like(weights))


class CountsExamplesConfig(DistanceConfig):
    type: Literal["counts_examples"] = "counts_examples"


@final
class CountsExamples(Distance[CountsExamplesConfig]):
    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        super().update(predictions, targets, weights)
        self.seen += len(weights) - float(weights.sum())


class CountsOnlyWeightsAboveOneConfig(DistanceConfig):
    type: Literal["counts_only_weights_above_one"] = "counts_only_weights_above_one"


@final
class CountsOnlyWeightsAboveOne(Distance[CountsOnlyWeightsAboveOneConfig]):
    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        super().update(predictions, targets, np.maximum(weights, 1))


class AveragesWeightsOfABatchConfig(DistanceConfig):
    type: Literal["averages_weights_of_a_batch"] = "averages_weights_of_a_batch"


@final
class AveragesWeightsOfABatch(Distance[AveragesWeightsOfABatchConfig]):
    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        super().update(predictions, targets, weights / (weights.sum() or 1))


class NeverForgetsConfig(DistanceConfig):
    type: Literal["never_forgets"] = "never_forgets"


@final
class NeverForgets(Distance[NeverForgetsConfig]):
    def reset(self) -> None:
        self.seen = 0.0


class ResultResetsConfig(DistanceConfig):
    type: Literal["result_resets"] = "result_resets"


@final
class ResultResets(Distance[ResultResetsConfig]):
    def result(self) -> float:
        result = super().result()
        self.reset()
        return result


class DrawsConfig(DistanceConfig):
    type: Literal["draws"] = "draws"


@final
class Draws(Distance[DrawsConfig]):
    def result(self) -> float:
        return super().result() + 1e-9 * float(np.random.default_rng().uniform())


class WritesPredictionsConfig(DistanceConfig):
    type: Literal["writes_predictions"] = "writes_predictions"


@final
class WritesPredictions(Distance[WritesPredictionsConfig]):
    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        np.subtract(predictions, targets, out=predictions)
        super().update(predictions, np.zeros_like(predictions), weights)


class WritesWeightsConfig(DistanceConfig):
    type: Literal["writes_weights"] = "writes_weights"


@final
class WritesWeights(Distance[WritesWeightsConfig]):
    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        super().update(predictions, targets, weights)
        weights.fill(0)


class NotANumberConfig(DistanceConfig):
    type: Literal["not_a_number"] = "not_a_number"


@final
class NotANumber(Distance[NotANumberConfig]):
    def result(self) -> float:
        return float("nan")


class DividesByNothingConfig(DistanceConfig):
    type: Literal["divides_by_nothing"] = "divides_by_nothing"


@final
class DividesByNothing(Distance[DividesByNothingConfig]):
    def result(self) -> float:
        return float(np.divide(self.total, self.seen)) if self.seen else float("nan")


class CountsConfig(DistanceConfig):
    type: Literal["counts"] = "counts"


@final
class Counts(Distance[CountsConfig]):
    def result(self) -> float:
        return int(self.seen)


class ReturnsNumpyScalarsConfig(DistanceConfig):
    type: Literal["returns_numpy_scalars"] = "returns_numpy_scalars"


@final
class ReturnsNumpyScalars(Distance[ReturnsNumpyScalarsConfig]):
    def result(self) -> float:
        return np.float64(super().result())


class KeepsPredictionsConfig(DistanceConfig):
    type: Literal["keeps_predictions"] = "keeps_predictions"


@final
class KeepsPredictions(Distance[KeepsPredictionsConfig]):
    def __init__(self, config: KeepsPredictionsConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._kept: list[tuple[Array, Targets, Array]] = []

    def reset(self) -> None:
        self._kept.clear()

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        self._kept.append((predictions, targets, weights))

    def result(self) -> float:
        super().reset()
        for predictions, targets, weights in self._kept:
            super().update(predictions, targets, weights)
        return super().result()


class KeepsWeightsConfig(DistanceConfig):
    type: Literal["keeps_weights"] = "keeps_weights"


@final
class KeepsWeights(Distance[KeepsWeightsConfig]):
    def __init__(self, config: KeepsWeightsConfig, context: OutputContext) -> None:
        super().__init__(config, context)
        self._kept: list[tuple[Array, Array]] = []

    def reset(self) -> None:
        self._kept.clear()

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        self._kept.append((np.abs(predictions - targets).mean(axis=-1), weights))

    def result(self) -> float:
        seen = float(sum(weights.sum() for _, weights in self._kept))
        total = float(sum(np.dot(distances, weights) for distances, weights in self._kept))
        return total / seen if seen else 0.0


class AnnouncesMoreConfig(DistanceConfig):
    type: Literal["announces_more"] = "announces_more"

    def figures(self, target: Target) -> Mapping[str, bool]:
        return {self.display_name: False, f"{self.display_name}.median": False}


@final
class AnnouncesMore(Distance[AnnouncesMoreConfig]):
    pass


class AnnouncesLessConfig(DistanceConfig):
    type: Literal["announces_less"] = "announces_less"


@final
class AnnouncesLess(Distance[AnnouncesLessConfig]):
    def results(self) -> Mapping[str, float]:
        return {**super().results(), f"{self.config.display_name}.median": 0.0}


class WrongNameConfig(DistanceConfig):
    type: Literal["wrong_name"] = "wrong_name"

    def figures(self, target: Target) -> Mapping[str, bool]:
        return {"distance": False}


@final
class WrongName(Distance[WrongNameConfig]):
    def results(self) -> Mapping[str, float]:
        return {"distance": self.result()}


class NameRunsOnConfig(DistanceConfig):
    type: Literal["name_runs_on"] = "name_runs_on"

    def figures(self, target: Target) -> Mapping[str, bool]:
        return {f"{self.display_name}_10": False}


@final
class NameRunsOn(Distance[NameRunsOnConfig]):
    def results(self) -> Mapping[str, float]:
        return {f"{self.config.display_name}_10": self.result()}


class NoDirectionConfig(ScalarMetricConfig):
    type: Literal["no_direction"] = "no_direction"

    def check(self, prediction: Shape, target: Target) -> None:
        DistanceConfig.check(RightConfig(), prediction, target)


@final
class NoDirection(ScalarMetric[NoDirectionConfig]):
    def reset(self) -> None:
        pass

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        pass

    def result(self) -> float:
        return 0.0


class ForgetsItsNameConfig(DistanceConfig):
    type: Literal["forgets_its_name"] = "forgets_its_name"


@final
class ForgetsItsName(Distance[ForgetsItsNameConfig]):
    def results(self) -> Mapping[str, float]:
        return {"forgets_its_name": self.result()}


class FixedFigureConfig(DistanceConfig):
    type: Literal["fixed_figure"] = "fixed_figure"

    def figures(self, target: Target) -> Mapping[str, bool]:
        return {"fixed_figure": False}


@final
class FixedFigure(Distance[FixedFigureConfig]):
    def results(self) -> Mapping[str, float]:
        return {"fixed_figure": self.result()}


class NothingToShowConfig(DistanceConfig):
    type: Literal["nothing_to_show"] = "nothing_to_show"

    def figures(self, target: Target) -> Mapping[str, bool]:
        return {}


@final
class NothingToShow(Distance[NothingToShowConfig]):
    def results(self) -> Mapping[str, float]:
        return {}


class TakesAnythingConfig(DistanceConfig):
    type: Literal["takes_anything"] = "takes_anything"

    def check(self, prediction: Shape, target: Target) -> None:
        pass


@final
class TakesAnything(Distance[TakesAnythingConfig]):
    pass


class SharesItsTableConfig(HistogramConfig):
    type: Literal["shares_its_table"] = "shares_its_table"


@final
class SharesItsTable(Histogram[SharesItsTableConfig]):
    def tables(self) -> Mapping[str, Array]:
        return {self.config.display_name: self.counts}


class TableOfAnotherNameConfig(HistogramConfig):
    type: Literal["table_of_another_name"] = "table_of_another_name"


@final
class TableOfAnotherName(Histogram[TableOfAnotherNameConfig]):
    def tables(self) -> Mapping[str, Array]:
        return {"histogram": self.counts.copy()}


class TableForgetsConfig(HistogramConfig):
    type: Literal["table_forgets"] = "table_forgets"


@final
class TableForgets(Histogram[TableForgetsConfig]):
    def tables(self) -> Mapping[str, Array]:
        tables = super().tables()
        self.reset()
        return tables


class TableIgnoresWeightsConfig(HistogramConfig):
    type: Literal["table_ignores_weights"] = "table_ignores_weights"


@final
class TableIgnoresWeights(Histogram[TableIgnoresWeightsConfig]):
    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        super().update(predictions, targets, np.ones_like(weights))


class TableNotANumberConfig(HistogramConfig):
    type: Literal["table_not_a_number"] = "table_not_a_number"


@final
class TableNotANumber(Histogram[TableNotANumberConfig]):
    def tables(self) -> Mapping[str, Array]:
        seen = self.counts.sum()
        with np.errstate(invalid="ignore"):
            return {self.config.display_name: self.counts / seen}


def test_a_right_metric_passes() -> None:
    check_metric(RightConfig(), output_shape=(3,), target=VectorTarget((3,)))
    check_metric(RightConfig(name="mine"), output_shape=(3,), target=VectorTarget((3,)))
    check_metric(RightConfig(), output_shape=(4, 3), target=VectorTarget((4, 3)))


def test_a_metric_may_have_a_table_and_no_figure() -> None:
    check_metric(RightTableConfig(), output_shape=(3,), target=VectorTarget((3,)))


@pytest.mark.parametrize(
    ("config", "check"),
    [
        (AveragesBatchesConfig(), "streaming"),
        (LastBatchOnlyConfig(), "streaming"),
        (IgnoresWeightsConfig(), "weights_count"),
        (CountsExamplesConfig(), "weights_count"),
        (CountsOnlyWeightsAboveOneConfig(), "weights_count"),
        (AveragesWeightsOfABatchConfig(), "streaming"),
        (NeverForgetsConfig(), "reset"),
        (ResultResetsConfig(), "results_are_repeatable"),
        (DrawsConfig(), "results_are_repeatable"),
        (WritesPredictionsConfig(), "arguments_untouched"),
        (WritesWeightsConfig(), "arguments_untouched"),
        (NotANumberConfig(), "results_are_finite"),
        (DividesByNothingConfig(), "results_are_finite"),
        (CountsConfig(), "results_are_finite"),
        (ReturnsNumpyScalarsConfig(), "results_are_finite"),
        (KeepsPredictionsConfig(), "arguments_not_kept"),
        (KeepsWeightsConfig(), "arguments_not_kept"),
        (AnnouncesMoreConfig(), "results_are_finite"),
        (AnnouncesLessConfig(), "results_are_finite"),
        (WrongNameConfig(), "figures_are_named"),
        (NameRunsOnConfig(), "figures_are_named"),
        (NoDirectionConfig(), "figures_are_named"),
        (ForgetsItsNameConfig(), "another_name"),
        (FixedFigureConfig(), "another_name"),
        (NothingToShowConfig(), "figures_are_named"),
        (TakesAnythingConfig(), "refuses_other_outputs"),
        (SharesItsTableConfig(), "tables_are_kept"),
        (TableOfAnotherNameConfig(), "figures_are_named"),
        (TableForgetsConfig(), "results_are_repeatable"),
        (TableIgnoresWeightsConfig(), "weights_count"),
        (TableNotANumberConfig(), "results_are_finite"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, MetricConfig) else "",
)
def test_a_wrong_metric_is_caught_by_name(config: MetricConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: metric '{config.type_name()}'"):
        check_metric(config, output_shape=(3,), target=VectorTarget((3,)))
