"""Contract of datasets: shapes and counts first, which is cheap, and then the arrays."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias, TypeVar, final

from pydantic import PlainSerializer, PlainValidator, ValidationInfo, WithJsonSchema

from layerkit.arrays import Array, Inputs, Shape, Targets
from layerkit.component import Component, Config
from layerkit.contracts.fold import OptionalFold
from layerkit.fields import FromRegistry, SpecContext
from layerkit.formats.row_file import RowFile
from layerkit.problems import problem


@dataclass(frozen=True, slots=True)
class ClassTarget:
    """Every target is a class index from 0 to ``classes - 1``.

    Attributes
    ----------
    classes
        Number of classes.
    names
        What they are called, in the order of their indices; empty if they have no names.
    shape
        ``()`` for one class an example, ``(time,)`` for one a step.
    """

    classes: int
    names: tuple[str, ...] = ()
    shape: Shape = ()


@dataclass(frozen=True, slots=True)
class VectorTarget:
    """Every target is an array of floating-point numbers of that shape.

    Attributes
    ----------
    shape
        Of one target.
    names
        What its values are, in their order, for a target of one axis; empty without names.
    """

    shape: Shape
    names: tuple[str, ...] = ()


Target: TypeAlias = ClassTarget | VectorTarget


@dataclass(frozen=True, slots=True)
class DataInfo:
    """What is known of a dataset before its arrays are read.

    Attributes
    ----------
    input_shape
        Shape of one example.
    target
        What the targets are.
    train, test
        Number of examples, before any are set aside; None if known only once they are read.
        ``test`` is 0 where there are none.
    bytes_per_value
        Size of one stored input value, for the memory estimate; None if known only once they are
        read.
    validation
        Number of examples that the dataset itself sets apart for validation; None if known only
        once they are read.
    vocabulary
        For inputs that are ids: how many there are; ids go from 0 to one less. None for numbers.
    scale
        Above 0; the network gets ``inputs * scale``. 1 for ids.
    features
        What the values of an input of one axis are called, in their order; empty without names.
    has_missing
        Whether inputs may be nan where a value is missing; a layer must fill them in.
    mapped
        Whether inputs, and targets but class indices, stay in their files: `Examples` has readers
        of their rows.
    """

    input_shape: Shape
    target: Target
    train: int | None
    test: int | None
    bytes_per_value: int | None
    validation: int | None = 0
    vocabulary: int | None = None
    scale: float = 1.0
    features: tuple[str, ...] = ()
    has_missing: bool = False
    mapped: bool = False


@dataclass(frozen=True, slots=True)
class Examples:
    """Inputs ``(n, *input_shape)`` and their targets, ``(n,)`` class indices or ``(n, *shape)``.

    Attributes
    ----------
    inputs
        They may stay integers: the network gets ``inputs * DataInfo.scale``, converted a batch at
        a time.
    targets
        Floating-point targets are converted to the network's dtype in the same way.
    weights
        How much each example counts, ``(n,)`` numbers from 0: 2 counts as the example twice. None:
        all the same.
    input_rows, target_rows
        For inputs and targets that are memory maps of a file: what reads their rows. The engine
        reads through these alone, a batch at a time, and in a thread, while the batch before is
        trained on.
    """

    inputs: Inputs
    targets: Targets
    weights: Array | None = None
    input_rows: RowFile | None = None
    target_rows: RowFile | None = None

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def is_mapped(self) -> bool:
        """Whether inputs or targets are read from a file, a batch at a time."""
        return self.input_rows is not None or self.target_rows is not None


@dataclass(frozen=True, slots=True)
class Splits:
    """What a dataset loads: examples to train on and, if it has any, to validate and test on."""

    train: Examples
    test: Examples | None = None
    validation: Examples | None = None


def _count_or_fraction(value: object) -> int | float:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if isinstance(value, float) and 0 <= value < 1:
        return value
    raise problem(
        "wrong-value",
        "expected a number of examples (an integer from 0) or a fraction (0.0 to below 1.0)",
    )


def _count(share: float, examples: int | None) -> int | None:
    if isinstance(share, int):
        return share
    return None if examples is None else round(examples * share)


CountOrFraction: TypeAlias = Annotated[
    int | float,
    PlainValidator(_count_or_fraction),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0},
                {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
            ]
        }
    ),
]


def _from_spec_directory(value: object, info: ValidationInfo) -> Path:
    if not isinstance(value, str | Path) or not str(value):
        raise problem("wrong-type", "expected a path")
    context: object = info.context
    start = context.directory if isinstance(context, SpecContext) else Path()
    return (start / value).absolute()


DataPath: TypeAlias = Annotated[
    Path,
    PlainValidator(_from_spec_directory),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "minLength": 1}),
]
"""A path in a spec; a relative one starts at the directory that the spec is in."""


class DatasetConfig(Config, ABC):
    """Base of dataset configs.

    Attributes
    ----------
    validation
        Examples to set aside from the training set: a number, or a fraction below 1. Which
        ones depends on the spec's seed alone.
    test
        The same to test on, for a dataset without test examples of its own. Both fractions are
        of all training examples that the dataset has.
    stratify
        Whether every part that is set aside has the classes in the proportions of the whole. How
        many of a class it gets is rounded by the largest remainder, the first classes where these
        are equal. Every class needs an example in each part.
    fold
        ``"3/10"``: of ten parts of the training examples, test on the third and train on the rest.
        Test examples of the dataset's own are not used. All folds of a seed together have each
        example once.
    """

    validation: CountOrFraction = 0
    test: CountOrFraction = 0
    stratify: bool = False
    fold: OptionalFold = None

    @abstractmethod
    def info(self) -> DataInfo:
        """Return shapes and counts; reads headers at most.

        Raises
        ------
        FileError
            If a file is missing or cannot be read.
        DataError
            If a file is not what the spec says.
        """

    def set_aside(self, examples: int | None) -> int | None:
        """Return how many of the training examples `validation` takes, None if that is unknown."""
        return _count(self.validation, examples)

    def set_aside_to_test(self, examples: int | None) -> int | None:
        """Return how many of the training examples `test` or `fold` takes, None if unknown."""
        if self.fold is None:
            return _count(self.test, examples)
        return None if examples is None else self.fold.size(examples)

    @final
    def build(self) -> Dataset[DatasetConfig]:
        """Return the dataset that this config describes."""
        return Dataset[DatasetConfig].class_for(self)(self)


DATASETS = DatasetConfig.define_kind("dataset", "layerkit.datasets")
AnyDataset: TypeAlias = Annotated[DatasetConfig, FromRegistry(DATASETS)]
DatasetT_co = TypeVar("DatasetT_co", bound=DatasetConfig, covariant=True)


class Dataset(Component[DatasetT_co], ABC):
    """Loads what its config describes."""

    @abstractmethod
    def load(self) -> Splits:
        """Read the arrays.

        Raises
        ------
        FileError
            If a file is missing or cannot be read.
        DataError
            If the data are damaged, or not what `DatasetConfig.info` announced.
        """
