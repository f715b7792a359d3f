from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import ClassVar, Literal, TypeVar, final

import numpy as np
import pytest

from layerkit.arrays import Array, Inputs, Targets
from layerkit.contracts.dataset import (
    ClassTarget,
    DataInfo,
    Dataset,
    DatasetConfig,
    Examples,
    Splits,
    Target,
    VectorTarget,
)
from layerkit.testing.dataset import check_dataset


class SmallConfig(DatasetConfig):
    """A right dataset: 6 bytes and classes to train on, 2 to test."""

    target: ClassVar[Target] = ClassTarget(3)
    scale: ClassVar[float] = 1 / 255

    def info(self) -> DataInfo:
        return DataInfo((4,), self.target, 6, 2, 1, scale=self.scale)


SmallT_co = TypeVar("SmallT_co", bound=SmallConfig, covariant=True)


class Small(Dataset[SmallT_co]):
    def inputs(self, count: int) -> Inputs:
        return np.arange(4 * count, dtype=np.uint8).reshape(count, 4)

    def targets(self, count: int) -> Targets:
        return np.arange(count) % 3

    def load(self) -> Splits:
        train, test = (Examples(self.inputs(count), self.targets(count)) for count in (6, 2))
        return Splits(train, test)


class RightConfig(SmallConfig):
    type: Literal["right"] = "right"


@final
class Right(Small[RightConfig]):
    pass


class OnlyReadingTellsConfig(SmallConfig):
    type: Literal["only_reading_tells"] = "only_reading_tells"
    target: ClassVar[Target] = VectorTarget((2,))

    def info(self) -> DataInfo:
        return DataInfo((4,), self.target, None, None, None)


@final
class OnlyReadingTells(Small[OnlyReadingTellsConfig]):
    def targets(self, count: int) -> Targets:
        return np.ones((count, 2), np.float32)


class ForgetsTestConfig(SmallConfig):
    type: Literal["forgets_test"] = "forgets_test"


@final
class ForgetsTest(Small[ForgetsTestConfig]):
    def load(self) -> Splits:
        return Splits(super().load().train, None)


class MissesATargetConfig(SmallConfig):
    type: Literal["misses_a_target"] = "misses_a_target"


@final
class MissesATarget(Small[MissesATargetConfig]):
    def targets(self, count: int) -> Targets:
        return np.zeros(count - 1, np.int64)


class OtherShapeConfig(SmallConfig):
    type: Literal["other_shape"] = "other_shape"


@final
class OtherShape(Small[OtherShapeConfig]):
    def inputs(self, count: int) -> Inputs:
        return super().inputs(count).reshape(count, 2, 2)


class OtherSizeConfig(SmallConfig):
    type: Literal["other_size"] = "other_size"


@final
class OtherSize(Small[OtherSizeConfig]):
    def inputs(self, count: int) -> Inputs:
        return super().inputs(count).astype(np.float32)


class HasGapsConfig(SmallConfig):
    type: Literal["has_gaps"] = "has_gaps"

    def info(self) -> DataInfo:
        return DataInfo((4,), self.target, 6, 2, 8)


@final
class HasGaps(Small[HasGapsConfig]):
    def inputs(self, count: int) -> Inputs:
        return np.where(super().inputs(count) == 3, np.nan, 0.5)


class ScalesToNothingConfig(SmallConfig):
    type: Literal["scales_to_nothing"] = "scales_to_nothing"
    scale: ClassVar[float] = 0.0


@final
class ScalesToNothing(Small[ScalesToNothingConfig]):
    pass


class CountsFromOneConfig(SmallConfig):
    type: Literal["counts_from_one"] = "counts_from_one"


@final
class CountsFromOne(Small[CountsFromOneConfig]):
    def targets(self, count: int) -> Targets:
        return np.arange(count) % 3 + 1


class FloatLabelsConfig(SmallConfig):
    type: Literal["float_labels"] = "float_labels"


@final
class FloatLabels(Small[FloatLabelsConfig]):
    def targets(self, count: int) -> Targets:
        return np.zeros(count)


class LabelsForVectorsConfig(SmallConfig):
    type: Literal["labels_for_vectors"] = "labels_for_vectors"
    target: ClassVar[Target] = VectorTarget((2,))


@final
class LabelsForVectors(Small[LabelsForVectorsConfig]):
    pass


class ShufflesConfig(SmallConfig):
    type: Literal["shuffles"] = "shuffles"


@final
class Shuffles(Small[ShufflesConfig]):
    def inputs(self, count: int) -> Inputs:
        return np.random.default_rng().integers(0, 256, (count, 4), np.uint8)


class OtherInfoEveryTimeConfig(SmallConfig):
    type: Literal["other_info_every_time"] = "other_info_every_time"
    counts: ClassVar[Iterator[int]] = itertools.count(1)

    def info(self) -> DataInfo:
        return DataInfo((4,), self.target, next(self.counts), 2, 1)


@final
class OtherInfoEveryTime(Small[OtherInfoEveryTimeConfig]):
    pass


class NoClassesConfig(SmallConfig):
    type: Literal["no_classes"] = "no_classes"
    target: ClassVar[Target] = ClassTarget(0)


@final
class NoClasses(Small[NoClassesConfig]):
    pass


class LearnsItsTestSetConfig(SmallConfig):
    """Sets two examples aside to test on, and leaves them in the training set."""

    type: Literal["learns_its_test_set"] = "learns_its_test_set"


@final
class LearnsItsTestSet(Small[LearnsItsTestSetConfig]):
    def load(self) -> Splits:
        train = super().load().train
        return Splits(train, Examples(train.inputs[-2:], train.targets[-2:]))


class SmallWithValidationConfig(SmallConfig):
    """A right dataset that has examples to validate on."""

    def info(self) -> DataInfo:
        return DataInfo((4,), self.target, 6, 2, 1, validation=3, scale=self.scale)


ValidatedT_co = TypeVar("ValidatedT_co", bound=SmallWithValidationConfig, covariant=True)


class SmallWithValidation(Small[ValidatedT_co]):
    validation_examples: ClassVar[int] = 3
    shift: ClassVar[int] = 0

    def load(self) -> Splits:
        splits, count = super().load(), self.validation_examples
        validation = Examples(self.inputs(count), self.targets(count) + self.shift)
        return Splits(splits.train, splits.test, validation)


class ValidatesConfig(SmallWithValidationConfig):
    type: Literal["validates"] = "validates"


@final
class Validates(SmallWithValidation[ValidatesConfig]):
    pass


class FewerToValidateConfig(SmallWithValidationConfig):
    type: Literal["fewer_to_validate"] = "fewer_to_validate"


@final
class FewerToValidate(SmallWithValidation[FewerToValidateConfig]):
    validation_examples = 2


class OtherClassesToValidateConfig(SmallWithValidationConfig):
    type: Literal["other_classes_to_validate"] = "other_classes_to_validate"


@final
class OtherClassesToValidate(SmallWithValidation[OtherClassesToValidateConfig]):
    shift = 1


class WeighedConfig(SmallConfig):
    """A right dataset whose examples count differently."""


WeighedT_co = TypeVar("WeighedT_co", bound=WeighedConfig, covariant=True)


class Weighed(Small[WeighedT_co]):
    def weights(self, count: int) -> Array:
        return np.arange(count, dtype=np.float32)

    def load(self) -> Splits:
        splits = super().load()
        train = Examples(splits.train.inputs, splits.train.targets, self.weights(6))
        return Splits(train, splits.test)


class WeighsConfig(WeighedConfig):
    type: Literal["weighs"] = "weighs"


@final
class Weighs(Weighed[WeighsConfig]):
    pass


class WeightsOfAnotherLengthConfig(WeighedConfig):
    type: Literal["weights_of_another_length"] = "weights_of_another_length"


@final
class WeightsOfAnotherLength(Weighed[WeightsOfAnotherLengthConfig]):
    def weights(self, count: int) -> Array:
        return super().weights(count - 1)


class WeightsBelowZeroConfig(WeighedConfig):
    type: Literal["weights_below_zero"] = "weights_below_zero"


@final
class WeightsBelowZero(Weighed[WeightsBelowZeroConfig]):
    def weights(self, count: int) -> Array:
        return super().weights(count) - 1


class DrawsWeightsConfig(WeighedConfig):
    type: Literal["draws_weights"] = "draws_weights"


@final
class DrawsWeights(Weighed[DrawsWeightsConfig]):
    def weights(self, count: int) -> Array:
        return np.random.default_rng().random(count)


class CrashesConfig(SmallConfig):
    type: Literal["crashes"] = "crashes"


@final
class Crashes(Small[CrashesConfig]):
    def load(self) -> Splits:
        raise FileNotFoundError("digits.bin")


@pytest.mark.right_component
@pytest.mark.parametrize(
    "config", [RightConfig(), OnlyReadingTellsConfig(), ValidatesConfig(), WeighsConfig()]
)
def test_a_right_dataset_passes(config: DatasetConfig) -> None:
    check_dataset(config)


@pytest.mark.wrong_component
@pytest.mark.parametrize(
    ("config", "check"),
    [
        (ForgetsTestConfig(), "counts"),
        (MissesATargetConfig(), "counts"),
        (CrashesConfig(), "counts"),
        (OtherShapeConfig(), "inputs"),
        (OtherSizeConfig(), "inputs"),
        (HasGapsConfig(), "inputs"),
        (ScalesToNothingConfig(), "info_is_plausible"),
        (CountsFromOneConfig(), "targets"),
        (FloatLabelsConfig(), "targets"),
        (LabelsForVectorsConfig(), "targets"),
        (ShufflesConfig(), "loading_is_repeatable"),
        (OtherInfoEveryTimeConfig(), "info_is_repeatable"),
        (NoClassesConfig(), "info_is_plausible"),
        (LearnsItsTestSetConfig(), "parts_are_apart"),
        (FewerToValidateConfig(), "counts"),
        (OtherClassesToValidateConfig(), "targets"),
        (WeightsOfAnotherLengthConfig(), "weights"),
        (WeightsBelowZeroConfig(), "weights"),
        (DrawsWeightsConfig(), "loading_is_repeatable"),
    ],
    ids=lambda value: value.type_name() if isinstance(value, DatasetConfig) else "",
)
def test_a_wrong_dataset_is_caught_by_name(config: DatasetConfig, check: str) -> None:
    with pytest.raises(AssertionError, match=f"^{check}: dataset '{config.type_name()}'"):
        check_dataset(config)


def test_a_failure_says_which_label_is_wrong() -> None:
    with pytest.raises(
        AssertionError, match=r"train targets: expected classes from 0 to 2, found 3 at 2$"
    ):
        check_dataset(CountsFromOneConfig())
