"""Checks of the arrays that a dataset loaded, before the first update.

What the dataset's class promised and did not keep is its own fault, a `PluginError`; values that a
data file can hold are a `DataError`.
"""

from __future__ import annotations

import numpy as np

from layerkit.arrays import Values, is_array, is_numeric
from layerkit.contracts.dataset import (
    ClassTarget,
    DataInfo,
    DatasetConfig,
    Examples,
    Splits,
)
from layerkit.errors import DataError
from layerkit.formats.in_memory import (
    FILL_MISSING,
    check_finite_as,
    check_id_columns,
    check_ids,
    index_text,
)
from layerkit.formats.row_file import RowFile
from layerkit.guard import fault, shown
from layerkit.plan.network import NetworkPlan
from layerkit.values import unchecked


def check_splits(plan: NetworkPlan, splits: object) -> Splits:
    """Return what a dataset's ``load`` returned, checked against the plan.

    Raises
    ------
    PluginError
        If it is no `Splits` of NumPy arrays, or not of the types and targets announced.
    DataError
        If a part is empty, has other shapes, or values that the network cannot take.
    """
    config = plan.spec.data
    if not isinstance(splits, Splits):
        raise fault(config, f"expected 'load' to return Splits, found {shown(splits)}")
    parts: dict[str, object] = {"train": splits.train}
    parts |= {"validation": splits.validation, "test": splits.test}
    for name, examples in parts.items():
        if examples is None and name != "train":
            continue
        if not isinstance(examples, Examples):
            raise fault(config, f"expected its {name} part to be Examples, found {shown(examples)}")
        check_examples(plan, name, examples)
    for name, announced in _announced(plan.info).items():
        loaded = parts[name]
        count = len(loaded) if isinstance(loaded, Examples) else 0
        if announced is not None and announced != count:
            if config.info() != plan.info:
                raise DataError(
                    f"data: expected the {announced} {name} examples that there were when the spec "
                    f"was planned, found {count}; the files have changed since: start again"
                )
            reason = f"expected the {announced} {name} examples that 'info' announced"
            raise fault(config, f"{reason}, found {count}")
    return splits


def _announced(info: DataInfo) -> dict[str, int | None]:
    return {"train": info.train, "validation": info.validation, "test": info.test}


def check_some_count(name: str, examples: Examples, rows: np.ndarray[tuple[int, ...]]) -> None:
    """Check that some of the chosen rows have a weight above 0, if there are any.

    Raises
    ------
    DataError
        If all of them have weight 0.
    """
    weights = examples.weights
    if weights is not None and len(rows) and not np.any(weights[rows]):
        raise DataError(
            f"data: {name} weights: expected some above 0 once examples are set aside, found 0 for "
            f"all {len(rows)} examples; set aside others, or more of them"
        )


def check_examples(plan: NetworkPlan, name: str, examples: Examples) -> None:
    """Check the examples of one part, which messages call ``name``.

    Raises
    ------
    PluginError, DataError
        As `check_splits` does.
    """
    config = plan.spec.data
    for what, array in _arrays(examples).items():
        if not is_array(array) or np.ma.isMaskedArray(array):
            raise fault(config, f"expected {name} {what} to be a NumPy array, found {shown(array)}")
        if not is_numeric(array):
            reason = f"expected {name} {what} to be numbers, found an array of {array.dtype}"
            raise fault(config, reason)
    _check_rows(config, name, examples)
    _check_inputs(plan, name, examples)
    if examples.targets.shape[:1] != examples.inputs.shape[:1]:
        reason = f"expected one target for each of the {len(examples.inputs)} {name} inputs"
        raise fault(config, f"{reason}, found an array of shape {examples.targets.shape}")
    _check_targets(plan, name, examples)
    if examples.weights is not None:
        _check_weights(plan, name, examples)


def _arrays(examples: Examples) -> dict[str, object]:
    arrays: dict[str, object] = {"inputs": examples.inputs, "targets": examples.targets}
    return arrays if examples.weights is None else {**arrays, "weights": examples.weights}


def _check_rows(config: DatasetConfig, name: str, examples: Examples) -> None:
    """Check that what reads rows reads those of the arrays."""
    for what, values, rows in (
        ("input_rows", examples.inputs, unchecked(examples.input_rows)),
        ("target_rows", examples.targets, unchecked(examples.target_rows)),
    ):
        if rows is None:
            continue
        if not isinstance(rows, RowFile):
            raise fault(config, f"expected a RowFile as {name} {what}, found {shown(rows)}")
        kept = rows.array
        if (kept.dtype, kept.size, len(kept)) != (values.dtype, values.size, len(values)):
            reason = f"expected {name} {what} of {shown(values)}, found those of {shown(kept)}"
            raise fault(config, reason)


def _check_inputs(plan: NetworkPlan, name: str, examples: Examples) -> None:
    info, inputs, rows = plan.info, examples.inputs, examples.input_rows
    if inputs.ndim == 0 or inputs.shape[1:] != info.input_shape:
        raise DataError(
            f"data: {name} inputs: expected examples of shape {info.input_shape}, found an array "
            f"of shape {inputs.shape}"
        )
    if not len(inputs):
        hint = "" if name == "train" else "; a part without examples must be left out"
        raise DataError(f"data: expected some {name} examples, found none{hint}")
    check_inputs(plan, inputs, f"data: {name} inputs", rows)


def check_inputs(
    plan: NetworkPlan, inputs: Values, called: str, reader: RowFile | None = None
) -> None:
    """Check that a network can take the values of inputs, whose shape is right.

    Raises
    ------
    DataError
        If some are not finite in its dtype, or no ids where it expects some.
    """
    if plan.info.vocabulary is None:
        check_numbers(plan, inputs, called, reader)
    check_input_ids(plan, inputs, called, reader)


def check_numbers(
    plan: NetworkPlan, inputs: Values, called: str, reader: RowFile | None = None
) -> None:
    """Check that inputs are finite in a network's dtype, but for nan where it takes some.

    Raises
    ------
    DataError
        If some are not.
    """
    info = plan.info
    missing = info.has_missing
    advice = "" if missing else FILL_MISSING
    check_finite_as(
        inputs, plan.dtype, info.scale, called, reader, takes_nan=missing, advice=advice
    )


def check_input_ids(
    plan: NetworkPlan, inputs: Values, called: str, reader: RowFile | None = None
) -> None:
    """Check that inputs are ids where a network reads ids.

    Raises
    ------
    DataError
        If some are not.
    """
    info = plan.info
    if info.vocabulary is not None:
        check_ids(inputs, info.vocabulary, called, reader)
    check_id_columns(inputs, plan.ids, called, info.features, reader)


def _check_targets(plan: NetworkPlan, name: str, examples: Examples) -> None:
    config, target, targets = plan.spec.data, plan.info.target, examples.targets
    if targets.shape[1:] != target.shape:
        reason = f"expected {name} targets of shape {('n', *target.shape)}"
        raise fault(config, f"{reason}, found {targets.shape}")
    if not isinstance(target, ClassTarget):
        if targets.dtype.kind != "f":
            reason = f"expected {name} targets of float32 or float64"
            raise fault(config, f"{reason}, found {targets.dtype}")
        rows = examples.target_rows
        check_finite_as(targets, plan.dtype, 1.0, f"data: {name} targets", rows)
        return
    if targets.dtype != np.int64:
        reason = f"expected class indices of int64 as {name} targets"
        raise fault(config, f"{reason}, found {targets.dtype}")
    wrong = np.flatnonzero((targets < 0) | (targets >= target.classes))
    if wrong.size:
        at = np.unravel_index(int(wrong[0]), targets.shape)
        index = tuple(int(axis) for axis in at)
        raise fault(
            config,
            f"expected class indices from 0 to {target.classes - 1} as {name} targets, found "
            f"{wrong.size} that are not, the first at index {index_text(index)}: {targets[index]}",
        )


def _check_weights(plan: NetworkPlan, name: str, examples: Examples) -> None:
    weights, count = examples.weights, len(examples.inputs)
    if weights is None:
        return
    if weights.shape != (count,):
        raise DataError(
            f"data: {name} weights: expected one for each of the {count} examples, an array of "
            f"shape ({count},), found {weights.shape}"
        )
    check_finite_as(weights, plan.dtype, 1.0, f"data: {name} weights")
    negative = np.flatnonzero(weights < 0)
    if negative.size:
        raise DataError(
            f"data: {name} weights: expected numbers from 0, found {negative.size} below, the "
            f"first at index {negative[0]}: {weights[negative[0]]}"
        )
    if not np.any(weights):
        raise DataError(
            f"data: {name} weights: expected some above 0, found 0 for all {count} examples"
        )
    with np.errstate(over="ignore"):
        if not np.isfinite(weights.sum(dtype=plan.dtype)):
            raise DataError(
                f"data: {name} weights: expected a sum within {plan.dtype}, found more; divide "
                "them by a number of their size"
            )
