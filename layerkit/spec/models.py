"""The spec: what a person writes down about a network and its training."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from annotated_types import Ge, Gt, Le
from pydantic import PlainValidator, Strict, WithJsonSchema

from layerkit.contracts.callback import AnyCallback, CallbackConfig
from layerkit.contracts.constraint import AnyConstraint, ConstraintConfig
from layerkit.contracts.dataset import DATASETS, AnyDataset, DataPath, DatasetConfig
from layerkit.contracts.gradient_transform import AnyGradientTransform, GradientTransformConfig
from layerkit.contracts.layer import AnyLayer, LayerConfig
from layerkit.contracts.loss import AnyLoss, LossConfig
from layerkit.contracts.metric import AnyMetric, MetricConfig
from layerkit.contracts.optimizer import AnyOptimizer, OptimizerConfig
from layerkit.contracts.regularizer import AnyRegularizer, RegularizerConfig
from layerkit.fields import default, entries
from layerkit.problems import problem
from layerkit.rules.rule import WarningCode
from layerkit.spec.tables import CheckpointsTable, TrainingTable
from layerkit.strict_model import StrictModel

Table: TypeAlias = Mapping[str, object]
"""A table of a spec, as `tomllib` or `json` reads it."""


def _count_or(word: str, meaning: str) -> PlainValidator:
    """Return the validator of a number above 0 that a word may stand for."""

    def validated(value: object) -> int | str:
        if value == word:
            return word
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        expected = f"expected an integer above 0, or '{word}' for {meaning}"
        raise problem("wrong-value", expected)

    return PlainValidator(validated)


BatchSize: TypeAlias = Annotated[
    int | Literal["full"],
    _count_or("full", "the whole set"),
    WithJsonSchema({"anyOf": [{"type": "integer", "exclusiveMinimum": 0}, {"const": "full"}]}),
]
Threads: TypeAlias = Annotated[
    int | Literal["auto"],
    _count_or("auto", "what suits the network"),
    WithJsonSchema({"anyOf": [{"type": "integer", "exclusiveMinimum": 0}, {"const": "auto"}]}),
]


def _minutes(value: object) -> float | str:
    if value == "never":
        return "never"
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf:
        return float(value)
    raise problem("wrong-value", "expected a number of minutes above 0, or 'never'")


Minutes: TypeAlias = Annotated[
    float | Literal["never"],
    PlainValidator(_minutes),
    WithJsonSchema({"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"const": "never"}]}),
]


FORMAT = 1
"""The format of specs that is written and, with those before it, read."""


def _format(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise problem("wrong-value", f"expected the number of a format, from 1 to {FORMAT}")
    if value > FORMAT:
        reason = f"format {value} is newer than {FORMAT}, the latest that this Layerkit knows"
        raise problem("newer-format", reason, "upgrade Layerkit: pip install --upgrade layerkit")
    return value


SpecFormat: TypeAlias = Annotated[
    int,
    PlainValidator(_format),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": FORMAT}),
]


MAX_SEED = 2**63 - 1


class EarlyStopping(StrictModel):
    """Stop when a validation figure has not improved for some epochs.

    Attributes
    ----------
    monitor
        ``"loss"`` or the type of one of the spec's metrics, on the validation examples.
    patience
        Epochs without improvement before stopping, at least 1.
    min_delta
        What counts as an improvement, from 0.
    restore_best
        Whether to end with the parameters of the best epoch rather than of the last.
    """

    monitor: str = "loss"
    patience: Annotated[int, Gt(0)] = 5
    min_delta: Annotated[float, Ge(0)] = 0.0
    restore_best: bool = True


class Training(StrictModel):
    """How long to train, and on how many examples at a time.

    Attributes
    ----------
    epochs
        Passes over the training examples, at least 1.
    batch_size
        Examples a step, or ``"full"``. The last batch of an epoch may be smaller.
    early_stopping
        When to stop before the last epoch; never by default.
    threads
        At least 1: threads that share each matrix product or, where activations are most of the
        work, the batch. ``"auto"`` takes as many as the network keeps busy, one for a small one.
        Another number can give other bits.
    start_from
        A run directory; the network starts from its weights instead of random ones. Parameters and
        layers' state are taken that have the same path and shape; the others start as usual. A
        relative path starts at the directory that the spec is in.
    """

    epochs: Annotated[int, Gt(0)] = 10
    batch_size: BatchSize = 32
    early_stopping: EarlyStopping | None = None
    threads: Threads = "auto"
    start_from: DataPath | None = None


class Checkpoints(StrictModel):
    """How often a run saves all that is needed to resume it with the same bits.

    A run also saves when it is interrupted, and at its end. Each of these counts by itself.

    Attributes
    ----------
    every_epochs, every_steps
        After how many; not by default.
    every_minutes
        After how many minutes, at the end of the next step; never for ``"never"``.
    keep
        How many of the newest checkpoints are kept, at least 1.
    best
        Whether the weights of the best epoch so far are kept too, where there are validation
        examples: in memory, and in a file that is written with every checkpoint. The best is the
        epoch that early stopping finds best; without it, that of the lowest validation loss.
    """

    every_epochs: Annotated[int, Gt(0)] | None = None
    every_steps: Annotated[int, Gt(0)] | None = None
    every_minutes: Minutes = 1.0
    keep: Annotated[int, Gt(0)] = 1
    best: bool = True


class Tie(StrictModel):
    """A parameter that has no values of its own but shares those of another.

    Attributes
    ----------
    parameter
        Path of the parameter that shares.
    shares
        Path of the parameter whose values it shares; both gradients are added up.
    transposed
        Whether it is that parameter with its two axes exchanged.
    """

    parameter: str
    shares: str
    transposed: bool = False


class ModelSpec(StrictModel):
    """A network, its data and its training; every field is a section or key of the spec.

    Attributes
    ----------
    format
        The version of the format of specs that this one is written in. It goes up where a spec
        would come to mean something else; a Layerkit that is too old for it says so.
    seed
        From 0. All randomness of the run comes from it.
    dtype
        Of parameters and everything computed.
    kernels
        Which implementations of inner loops may stand in for NumPy's: ``"numpy"`` for none,
        ``"exact"`` for those that give the same bits, ``"fastest"`` for any.
    silence
        Codes of warnings that are not to be shown, such as ``"LK110"``.
    """

    format: SpecFormat = FORMAT
    seed: Annotated[int, Ge(0), Le(MAX_SEED)] = 0
    dtype: Literal["float32", "float64"] = "float32"
    kernels: Literal["numpy", "exact", "fastest"] = "numpy"
    silence: Annotated[tuple[WarningCode, ...], Strict(strict=False)] = ()
    data: AnyDataset = default(DATASETS, "arrays")
    layers: Annotated[tuple[AnyLayer, ...], Strict(strict=False), entries(1)]
    loss: AnyLoss
    regularizers: Annotated[tuple[AnyRegularizer, ...], Strict(strict=False), entries(0)] = ()
    gradient_transforms: Annotated[
        tuple[AnyGradientTransform, ...], Strict(strict=False), entries(0)
    ] = ()
    constraints: Annotated[tuple[AnyConstraint, ...], Strict(strict=False), entries(0)] = ()
    ties: Annotated[tuple[Tie, ...], Strict(strict=False), entries(0)] = ()
    optimizer: AnyOptimizer
    metrics: Annotated[tuple[AnyMetric, ...], Strict(strict=False), entries(0)] = ()
    callbacks: Annotated[tuple[AnyCallback, ...], Strict(strict=False), entries(0)] = ()
    training: Training = Training()
    checkpoints: Checkpoints = Checkpoints()

    if TYPE_CHECKING:
        # What validation takes beside what it makes of it.
        def __init__(
            self,
            *,
            layers: Sequence[LayerConfig | Table | str],
            loss: LossConfig | Table | str,
            optimizer: OptimizerConfig | Table | str,
            data: DatasetConfig | Table | str = ...,
            training: Training | TrainingTable = ...,
            checkpoints: Checkpoints | CheckpointsTable = ...,
            metrics: Sequence[MetricConfig | Table | str] = ...,
            regularizers: Sequence[RegularizerConfig | Table | str] = ...,
            gradient_transforms: Sequence[GradientTransformConfig | Table | str] = ...,
            constraints: Sequence[ConstraintConfig | Table | str] = ...,
            ties: Sequence[Tie | Table] = ...,
            callbacks: Sequence[CallbackConfig | Table | str] = ...,
            format: int = ...,  # noqa: A002  # the key of the spec
            seed: int = ...,
            dtype: Literal["float32", "float64"] = ...,
            kernels: Literal["numpy", "exact", "fastest"] = ...,
            silence: Sequence[WarningCode] = ...,
        ) -> None: ...
