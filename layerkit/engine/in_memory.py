"""Data in memory, passed from Python: what is known of them, and the plan of a spec for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeGuard

import numpy as np
from numpy.typing import ArrayLike
from pydantic import ValidationError

from layerkit.arrays import Array, Inputs, Values
from layerkit.contracts.dataset import (
    DATASETS,
    DataInfo,
    DatasetConfig,
    Examples,
    Splits,
    Target,
)
from layerkit.contracts.layer import LayerConfig
from layerkit.engine.data_checks import check_splits
from layerkit.engine.given_targets import (
    alternatives,
    check_numbering,
    encoded,
    read_targets,
    target_of,
)
from layerkit.errors import DataError, ShapeError, UsageError
from layerkit.formats.in_memory import as_numbers
from layerkit.guard import component_errors, shown
from layerkit.plan.inputs import missing_problems, plan_layers
from layerkit.plan.network import NetworkPlan, as_plan, as_spec, plan_network
from layerkit.registry import installed
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.models import ModelSpec
from layerkit.values import is_list, is_tuple

ArraysGiven: TypeAlias = tuple[ArrayLike, ArrayLike] | tuple[ArrayLike, ArrayLike, ArrayLike]
"""Inputs and targets; and how much each example counts, unless all count the same."""

PIXELS = 1 / 255
"""The scale of inputs that are unsigned bytes, as in files."""


@dataclass(frozen=True, slots=True)
class InMemory:
    """Arrays to train, validate and test on; get one from `in_memory`.

    Attributes
    ----------
    splits
        The examples.
    info
        What is known of them.
    validation, test
        What to set aside of the examples to train on; None: what the spec says.
    labels, given
        The targets to train on as they were read, and as they were passed.
    """

    splits: Splits
    info: DataInfo
    validation: float | None
    test: float | None
    labels: Values
    given: ArrayLike

    def plan(self, spec: ModelSpec | NetworkPlan | Mapping[str, object]) -> NetworkPlan:
        """Return the plan of a spec for these data, whatever its own are.

        Raises
        ------
        SpecError
            If it does not fit them; it says how to pass targets that the loss would take.
        DataError
            If classes are not numbered from 0.
        UsageError
            If `validation` or `test` cannot be.
        """
        own = as_spec(spec)
        config = installed().load(DATASETS, "arrays")
        try:
            data = config.model_validate(self._set_aside(own.data))
        except ValidationError as error:
            first = error.errors()[0]
            name, reason = first["loc"][0], first["msg"]
            raise UsageError(f"{name}: {reason}, or arrays; found {first['input']}") from None
        own = own.model_copy(update={"data": data})
        info = self._info(own)
        planned = _planned(own, info)
        if _is_about_loss(planned):
            for target, code in alternatives(self.labels, self.given):
                if not _is_about_loss(_planned(own, replace(info, target=target))):
                    if code is None:
                        break
                    raise _with_hint(planned, f"pass the targets as {code}")
        if isinstance(planned, NetworkPlan) or _is_about_loss(planned):
            check_numbering(self.labels, "data: train targets")
        if isinstance(planned, SpecError):
            raise planned
        return planned

    def _set_aside(self, own: DatasetConfig) -> dict[str, object]:
        """Return how the examples are split: as arguments say, else as the spec does."""
        aside: dict[str, object] = {"validation": own.validation, "stratify": own.stratify}
        if self.validation is not None:
            aside["validation"] = self.validation
        if self.splits.validation is not None:
            aside["validation"] = 0
        if self.test is not None:
            aside["test"] = self.test
        elif self.splits.test is None:
            aside |= {"test": own.test, "fold": own.fold}
        return aside

    def _info(self, spec: ModelSpec) -> DataInfo:
        """Return what is known of the examples, with what the layers say of it."""
        info = self.info
        if self.splits.train.inputs.dtype.kind in "iu":
            ids = spec.layers[0].vocabulary()
            info = info if ids is None else replace(info, vocabulary=ids, scale=1.0)
        if info.scale != 1 and _reads_ids(spec.layers, info):
            info = replace(info, scale=1.0)
        return replace(info, has_missing=next(missing_problems(spec.layers), None) is None)


def _reads_ids(layers: Sequence[LayerConfig], info: DataInfo) -> bool:
    try:
        _, inputs = plan_layers(layers, replace(info, scale=1.0))
    except ShapeError:
        return False
    return bool(inputs.ids)


def in_memory(
    data: ArraysGiven,
    validation: ArraysGiven | float | None = None,
    test: ArraysGiven | float | None = None,
) -> InMemory:
    """Return arrays, lists and the like as data to train on.

    Parameters
    ----------
    data
        Inputs ``(n, ...)`` and targets to train on, and weights of the examples, if they differ.
        Targets that are integers, booleans or text are classes; floating-point numbers are
        numbers. Inputs that are unsigned bytes are scaled to 0..1; no inputs are copied.
    validation, test
        The same to validate and test on; or how many examples to set aside, or which fraction.

    Raises
    ------
    DataError
        If NumPy makes no numbers of them, or they do not belong together.
    UsageError
        If they are no pair of arrays.
    """
    train, labels = _Part.read("train", "data", data), data[1]
    target = target_of(train.targets)
    parts, asides = {"train": train}, dict[str, float | None]()
    for name, given in (("validation", validation), ("test", test)):
        if given is None or isinstance(given, int | float):
            asides[name] = given
        else:
            parts[name] = _Part.read(name, name, given)
    examples = {name: part.examples(target, train) for name, part in parts.items()}
    counts = {name: len(each) for name, each in examples.items()}
    info = DataInfo(
        train.inputs.shape[1:],
        target,
        counts["train"],
        counts.get("test", 0),
        train.inputs.itemsize,
        counts.get("validation", 0),
        scale=PIXELS if train.inputs.dtype == np.uint8 else 1.0,
    )
    splits = Splits(examples["train"], examples.get("test"), examples.get("validation"))
    aside, to_test = asides.get("validation"), asides.get("test")
    return InMemory(splits, info, aside, to_test, train.targets, labels)


@component_errors()
def prepare(
    spec: ModelSpec | NetworkPlan | Mapping[str, object],
    data: ArraysGiven | None,
    validation: ArraysGiven | float | None = None,
    test: ArraysGiven | float | None = None,
) -> tuple[NetworkPlan, Splits | None]:
    """Return the plan of a spec, for arrays if there are some, and these as the engine takes them.

    Raises
    ------
    LayerkitError
        What `in_memory`, `InMemory.plan` and `plan_network` raise.
    """
    if data is None:
        if validation is not None or test is not None:
            raise UsageError("expected data=(inputs, targets) beside arrays to validate or test on")
        return as_plan(spec), None
    arrays = in_memory(data, validation, test)
    plan = arrays.plan(spec)
    return plan, check_splits(plan, arrays.splits)


@dataclass(frozen=True, slots=True)
class _Part:
    """The arrays of one part, read by NumPy."""

    name: str
    inputs: Inputs
    targets: Values
    weights: Array | None

    @classmethod
    def read(cls, name: str, argument: str, given: object) -> _Part:
        """Read inputs, targets and perhaps weights."""
        arrays = [*given] if is_tuple(given) or is_list(given) else []
        if len(arrays) not in {2, 3}:
            raise UsageError(
                f"{argument}: expected a pair of arrays, (inputs, targets), or three with weights; "
                f"found {shown(given)}"
            )
        inputs = as_numbers(arrays[0], f"data: {name} inputs")
        targets = read_targets(arrays[1], f"data: {name} targets")
        if inputs.ndim < 2:
            hint = "; pass x[:, None] for one number an example" if inputs.ndim else ""
            raise DataError(
                f"data: {name} inputs: expected an example in each row, found an array of shape "
                f"{inputs.shape}{hint}"
            )
        if len(targets) != len(inputs):
            raise DataError(
                f"data: {name} targets: expected one for each of the {len(inputs)} inputs, found "
                f"{len(targets)}"
            )
        if not len(inputs):
            raise DataError(f"data: expected some {name} examples, found none")
        weights: Array | None = None
        if len(arrays) == 3:
            weights = as_numbers(arrays[2], f"data: {name} weights").astype(np.float64, copy=False)
        return cls(name, inputs, targets, weights)

    def examples(self, target: Target, train: _Part) -> Examples:
        """Return the examples, whose inputs must be like those to train on."""
        ours, expected = self.inputs, train.inputs
        if (ours.dtype == np.uint8) != (expected.dtype == np.uint8):
            raise DataError(
                f"data: {self.name} inputs: expected an array of {expected.dtype} like the train "
                f"inputs, found {ours.dtype}; unsigned bytes alone are scaled to 0..1"
            )
        called = f"data: {self.name} targets"
        targets = encoded(self.targets, target, called, is_train=self is train)
        return Examples(ours, targets, self.weights)


def _planned(spec: ModelSpec, info: DataInfo) -> NetworkPlan | SpecError:
    try:
        return plan_network(spec, info=info)
    except SpecError as error:
        return error


def _is_about_loss(planned: NetworkPlan | SpecError) -> TypeGuard[SpecError]:
    problems = planned.problems if isinstance(planned, SpecError) else ()
    return any(problem.loc[:1] == ("loss",) for problem in problems)


def _with_hint(error: SpecError, hint: str) -> SpecError:
    """Return an error with another hint for what is said of the loss."""
    problems = [
        replace(problem, hint=hint) if problem.loc[:1] == ("loss",) else problem
        for problem in error.problems
    ]
    return SpecError(error.source, problems)
