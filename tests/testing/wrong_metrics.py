"""Metrics with one fault each, that the kit must catch."""

from __future__ import annotations

from typing import Literal, final

import numpy as np

from layerkit.arrays import Array, Targets
from layerkit.contracts.output import OutputContext
from tests.testing.right_metrics import Distance, DistanceConfig


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


class MovingAverageConfig(DistanceConfig):
    """Shows what progress bars show."""

    type: Literal["moving_average"] = "moving_average"


@final
class MovingAverage(Distance[MovingAverageConfig]):
    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        total, seen = self.total, self.seen
        self.reset()
        super().update(predictions, targets, weights)
        self.total, self.seen = 0.9 * total + self.total, 0.9 * seen + self.seen


class CountsTheFirstBatchConfig(DistanceConfig):
    """Takes every batch to be as large as the first, so that a short last one counts too much."""

    type: Literal["counts_the_first_batch"] = "counts_the_first_batch"


@final
class CountsTheFirstBatch(Distance[CountsTheFirstBatchConfig]):
    batch_size = 0.0

    def update(self, predictions: Array, targets: Targets, weights: Array) -> None:
        seen = self.seen
        super().update(predictions, targets, weights)
        self.batch_size = self.batch_size or self.seen
        self.seen = seen + self.batch_size


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
