"""`check_dataset`."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from layerkit.arrays import Array, Inputs, Targets
from layerkit.contracts.dataset import (
    DATASETS,
    ClassTarget,
    DataInfo,
    DatasetConfig,
    Examples,
    Target,
)
from layerkit.testing.case import Case, checks_on
from layerkit.testing.configs import CONFIG_CHECKS, config_of
from layerkit.testing.expect import expect_equal, expect_number
from layerkit.testing.sampling import no_global_randomness

INPUT_TYPES = (np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.uint8))
FLOAT_TYPES = INPUT_TYPES[:2]


def check_dataset(dataset: str | Mapping[str, object] | DatasetConfig) -> None:
    """Check that a dataset keeps its contract: what it loads is what it announced.

    Parameters
    ----------
    dataset
        Name, table or config; its files must be there.

    Raises
    ------
    AssertionError
        If a check fails; the message begins with the check's name.
    """
    case_of_dataset(dataset).check()


def case_of_dataset(dataset: str | Mapping[str, object] | DatasetConfig) -> Case:
    """Return the case that `check_dataset` checks; see there."""
    config = config_of(DATASETS, dataset)
    what = f"dataset '{config.type_name()}'"
    checks = checks_on(what, config, (*CONFIG_CHECKS, info_is_repeatable, info_is_plausible))
    checks += checks_on(what, LoadedCase(config), DATASET_CHECKS)
    return Case(config, what, checks)


@dataclass(frozen=True)
class LoadedCase:
    """What `check_dataset` was asked to check."""

    config: DatasetConfig

    @cached_property
    def info(self) -> DataInfo:
        """What the config announces."""
        return self.config.info()

    @cached_property
    def splits(self) -> dict[str, Examples]:
        """The parts that there are, by name."""
        return self.load()

    def load(self) -> dict[str, Examples]:
        """Read everything with a new dataset."""
        loaded = self.config.build().load()
        parts = {"train": loaded.train, "validation": loaded.validation, "test": loaded.test}
        return {name: part for name, part in parts.items() if part is not None}


def info_is_repeatable(config: DatasetConfig) -> None:
    """Check that the dataset announces the same every time."""
    expect_equal("second info", config.info(), config.info())


def info_is_plausible(config: DatasetConfig) -> None:
    """Check that sizes and counts are integers that make sense, and the scale is above 0."""
    info = config.info()
    sizes = {f"input axis {i}": size for i, size in enumerate(info.input_shape)}
    if isinstance(info.target, ClassTarget):
        sizes["classes"] = info.target.classes
    else:
        sizes.update({f"target axis {i}": size for i, size in enumerate(info.target.shape)})
    if info.train is not None:
        sizes["train"] = info.train
    if info.bytes_per_value is not None:
        sizes["bytes_per_value"] = info.bytes_per_value
    for what, size in sizes.items():
        if type(size) is not int or size < 1:
            raise AssertionError(f"{what}: expected an integer from 1, found {size!r}")
    expect_number("scale", info.scale)
    if not info.scale > 0:
        raise AssertionError(f"scale: expected a number above 0, found {info.scale}")


def counts(case: LoadedCase) -> None:
    """Check that there are as many examples as announced, each with a target."""
    splits = case.splits
    info = case.info
    announced = {"train": info.train, "validation": info.validation, "test": info.test}
    for name, count in announced.items():
        if count is not None:
            found = len(splits[name]) if name in splits else 0
            expect_equal(f"{name} examples", count, found)
    for name, examples in splits.items():
        expect_equal(f"{name} targets", len(examples.inputs), len(examples.targets))


def inputs(case: LoadedCase) -> None:
    """Check shape, dtype and size of the inputs, and that they are finite."""
    for name, examples in case.splits.items():
        found = examples.inputs
        expect_equal(f"shape of one {name} input", case.info.input_shape, found.shape[1:])
        if found.dtype not in INPUT_TYPES and not case.info.mapped:
            raise AssertionError(f"{name} inputs: expected float or uint8, found {found.dtype}")
        if case.info.bytes_per_value is not None:
            expect_equal("bytes_per_value", found.itemsize, case.info.bytes_per_value)
        _expect_finite(f"{name} inputs", found)


def targets(case: LoadedCase) -> None:
    """Check that targets are the class indices, or the finite arrays, announced."""
    for name, examples in case.splits.items():
        _expect_targets(name, case.info.target, examples.targets)


def weights(case: LoadedCase) -> None:
    """Check that weights of examples, if there are any, are a finite number from 0 for each."""
    for name, examples in case.splits.items():
        found = examples.weights
        if found is None:
            continue
        expect_equal(f"shape of {name} weights", (len(examples),), found.shape)
        if found.dtype not in FLOAT_TYPES:
            raise AssertionError(f"{name} weights: expected float, found {found.dtype}")
        _expect_finite(f"{name} weights", found)
        if found.min(initial=0) < 0:
            raise AssertionError(f"{name} weights: expected numbers from 0, found {found.min()}")


def parts_are_apart(case: LoadedCase) -> None:
    """Check that no part has examples of another: none lies in the memory of another."""
    for (one, first), (other, second) in itertools.combinations(case.splits.items(), 2):
        if np.shares_memory(first.inputs, second.inputs):
            raise AssertionError(
                f"expected {one} and {other} to be different examples, found inputs in the same "
                "memory"
            )


def loading_is_repeatable(case: LoadedCase) -> None:
    """Check that loading twice gives the same bits, with nothing drawn at random."""
    with no_global_randomness():
        first, second = case.load(), case.load()
    expect_equal("splits", sorted(first), sorted(second))
    for name, examples in first.items():
        for what, expected, found in (
            ("inputs", examples.inputs, second[name].inputs),
            ("targets", examples.targets, second[name].targets),
            ("weights", _weights(examples), _weights(second[name])),
        ):
            if expected.tobytes() != found.tobytes():
                different = np.count_nonzero(expected != found)
                raise AssertionError(
                    f"{name} {what}: expected the same again, found {different} different values"
                )


def _weights(examples: Examples) -> Array:
    return np.ones(len(examples)) if examples.weights is None else examples.weights


def _expect_targets(name: str, target: Target, found: Targets) -> None:
    if not isinstance(target, ClassTarget):
        expect_equal(f"shape of one {name} target", target.shape, found.shape[1:])
        if found.dtype not in FLOAT_TYPES:
            raise AssertionError(f"{name} targets: expected float, found {found.dtype}")
        _expect_finite(f"{name} targets", found)
        return
    expect_equal(f"axes of {name} targets", 1, found.ndim)
    expect_equal(f"dtype of {name} targets", np.dtype(np.int64), found.dtype)
    wrong = np.flatnonzero((found < 0) | (found >= target.classes))
    if wrong.size:
        raise AssertionError(
            f"{name} targets: expected classes from 0 to {target.classes - 1}, "
            f"found {found[wrong[0]]} at {wrong[0]}"
        )


def _expect_finite(what: str, found: Inputs | Targets | Array) -> None:
    wrong = np.count_nonzero(~np.isfinite(found))
    if wrong:
        raise AssertionError(f"{what}: expected finite numbers, found {wrong} that are not")


DATASET_CHECKS = (counts, inputs, targets, weights, parts_are_apart, loading_is_repeatable)
