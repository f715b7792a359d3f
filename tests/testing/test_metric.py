from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array, Shape, Targets
from layerkit.contracts.dataset import Target, VectorTarget
from layerkit.contracts.metric import MetricConfig, ScalarMetric, ScalarMetricConfig
from layerkit.testing.metric import check_metric
from tests.testing.right_metrics import (
    Distance,
    DistanceConfig,
    Histogram,
    HistogramConfig,
    RightConfig,
    RightTableConfig,
)
from tests.testing.wrong_metrics import (
    AveragesBatchesConfig,
    AveragesWeightsOfABatchConfig,
    CountsConfig,
    CountsExamplesConfig,
    CountsOnlyWeightsAboveOneConfig,
    CountsTheFirstBatchConfig,
    DividesByNothingConfig,
    DrawsConfig,
    IgnoresWeightsConfig,
    KeepsPredictionsConfig,
    KeepsWeightsConfig,
    LastBatchOnlyConfig,
    MovingAverageConfig,
    NeverForgetsConfig,
    NotANumberConfig,
    ResultResetsConfig,
    ReturnsNumpyScalarsConfig,
    WritesPredictionsConfig,
    WritesWeightsConfig,
)


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


@pytest.mark.right_component(RightConfig())
def test_a_right_metric_passes() -> None:
    check_metric(RightConfig(), output_shape=(3,), target=VectorTarget((3,)))
    check_metric(RightConfig(name="mine"), output_shape=(3,), target=VectorTarget((3,)))
    check_metric(RightConfig(), output_shape=(4, 3), target=VectorTarget((4, 3)))


@pytest.mark.right_component(RightTableConfig())
def test_a_metric_may_have_a_table_and_no_figure() -> None:
    check_metric(RightTableConfig(), output_shape=(3,), target=VectorTarget((3,)))


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (AveragesBatchesConfig(), "streaming"),
        (LastBatchOnlyConfig(), "streaming"),
        (MovingAverageConfig(), "streaming"),
        (CountsTheFirstBatchConfig(), "streaming"),
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
