"""The examples that a network is evaluated on: the run's own, or those of another file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from layerkit.arrays import Array, Targets, Values
from layerkit.contracts.dataset import ClassTarget, DataInfo, Examples
from layerkit.contracts.table import TableConfig, joined
from layerkit.contracts.table_encoder import TableEncoder
from layerkit.engine.data import Part, load_data, split, whole
from layerkit.engine.data_checks import check_examples
from layerkit.errors import DataError, FileError, ShapeError, UsageError
from layerkit.formats.files import check_finite
from layerkit.formats.labels import class_indices
from layerkit.formats.npz import open_npz
from layerkit.formats.table_files import open_table
from layerkit.inference.file_options import FileOptions, input_format
from layerkit.inference.inputs import inputs_of
from layerkit.plan.network import NetworkPlan

PartName: TypeAlias = Literal["train", "validation", "test"]
"""A part of a run's own data."""
_PAIRS = (("inputs", "targets"), ("test_inputs", "test_targets"))
"""What inputs and targets are called in an ``.npz`` file."""


def own_part(plan: NetworkPlan, wanted: PartName | None) -> tuple[PartName, Part]:
    """Return a part of the data that the run was trained on, and its name.

    Parameters
    ----------
    plan
        Of the network.
    wanted
        Which part; None: what it was tested on, else validated on.

    Raises
    ------
    DataError, FileError
        If the data are gone, or not what they were.
    UsageError
        If there is no such part.
    """
    try:
        splits = load_data(plan)
    except FileError as error:
        raise FileError(f"{error}; --data FILE evaluates on other data") from error
    except ShapeError as error:
        raise UsageError(
            "expected data that the spec of the run names, found a run on arrays in memory; "
            "--data FILE evaluates on a file"
        ) from error
    found = split(plan, splits)
    parts: dict[PartName, Part] = {"train": found.train, "validation": found.validation}
    if found.test is not None:
        parts["test"] = found.test
    order: tuple[PartName, ...] = ("test", "validation") if wanted is None else (wanted,)
    for name in order:
        if len(parts.get(name, ())):
            return name, parts[name]
    known = [name for name, part in parts.items() if len(part)]
    raise UsageError(
        f"expected {' or '.join(order)} examples among the data of the run, found "
        f"{' and '.join(known)} examples alone; choose others with --part or --data"
    )


def part_of_file(plan: NetworkPlan, path: Path, options: FileOptions) -> Part:
    """Return the examples of a file, which has the targets too.

    Parameters
    ----------
    plan
        Of the network.
    path
        A table for a network that was trained on one; else an ``.npz`` file with arrays ``inputs``
        and ``targets``, or ``test_inputs`` and ``test_targets``.
    options
        How it is written.

    Raises
    ------
    UsageError, DataError, FileError
        If it cannot be read, or is not what the network takes.
    """
    options.check()
    data = plan.spec.data
    file_format = input_format(path, options, data)
    if not isinstance(data, TableConfig):
        if file_format != "npz" or path.suffix.lower() == ".npy":
            raise UsageError(
                f"{path}: expected a .npz file with arrays 'inputs' and 'targets', as the network "
                "was not trained on named columns"
            )
        return _checked(plan, _stored(plan.info, path))
    if file_format == "npz":
        raise UsageError(
            f"{path}: expected a table (.csv, .jsonl, .parquet or .arrow), as the network was "
            "trained on named columns; found a file of arrays"
        )
    is_own = file_format == data.type_name() and not options.describes_csv
    opened = data.open(path) if is_own else open_table(path, file_format, options.dialect(data))
    with opened as source:
        schema = data.table_schema
        weight = schema.weight if schema.weight in source.columns else None
        schema = replace(schema, split=None, weight=weight)
        chunks = [*TableEncoder(schema, source).examples()]
    if not any(len(chunk.examples) for chunk in chunks):
        raise DataError(f"{path}: expected rows to evaluate on, found none")
    return _checked(plan, joined(chunks).examples)


def _checked(plan: NetworkPlan, examples: Examples) -> Part:
    check_examples(plan, "evaluation", examples)
    return whole(examples)


def _stored(info: DataInfo, path: Path) -> Examples:
    with open_npz(path) as archive:
        names = archive.names()
        pair = next((each for each in _PAIRS if set(each) <= {*names}), _PAIRS[0])
        inputs = inputs_of(archive.read(pair[0]), info.input_shape, archive.called(pair[0]))
        called = archive.called(pair[1])
        targets = _targets(info, archive.read(pair[1]), called)
    if len(targets) != len(inputs):
        raise DataError(
            f"{called}: expected a target for each of the {len(inputs)} inputs, found "
            f"{len(targets)}"
        )
    return Examples(inputs, targets)


def _targets(info: DataInfo, values: Values, called: str) -> Targets:
    target = info.target
    if isinstance(target, ClassTarget):
        if values.shape[1:] != target.shape:
            raise DataError(
                f"{called}: expected class indices of shape {('n', *target.shape)}, found "
                f"{values.shape}"
            )
        flat = class_indices(values.reshape(-1), target.classes, called)
        return flat.reshape(values.shape)
    numbers: Array = values.astype(np.float64)
    check_finite(numbers, called)
    count = len(numbers) if numbers.ndim else 0
    if numbers.size != count * int(np.prod(target.shape)):
        raise DataError(
            f"{called}: expected targets of shape {('n', *target.shape)}, found {values.shape}"
        )
    return numbers.reshape(count, *target.shape)
