"""Examples from an ``.npz`` file."""

from __future__ import annotations

from typing import Annotated, Literal, final

import numpy as np
from annotated_types import Ge, Gt

from layerkit.plugin import (
    Array,
    ArrayHeader,
    ClassTarget,
    DataError,
    DataInfo,
    DataPath,
    Dataset,
    DatasetConfig,
    Examples,
    ExampleShape,
    Inputs,
    NpzArchive,
    Splits,
    Target,
    Targets,
    Values,
    VectorTarget,
    check_finite,
    check_pair,
    class_indices,
    input_shape,
    is_missing,
    open_npz,
    scale_for,
    to_float32,
)

_TEST_NAMES = ("test_inputs", "test_targets")


class NpzConfig(DatasetConfig):
    """Arrays in one file of ``numpy.savez`` or ``numpy.savez_compressed``.

    Inputs that are unsigned bytes, float32 or float64 stay so, all others become float32. Nothing
    is ever unpickled.

    Attributes
    ----------
    path
        The file.
    train_inputs, train_targets
        Names of the arrays to train on: ``(n, *shape)`` numbers, and ``(n,)`` integer class
        indices or ``(n, *target)`` floating-point numbers. Targets ``(n,)`` of these become
        ``(n, 1)``.
    test_inputs, test_targets
        Names of the arrays to test on. Under their default names both may be absent; there is
        nothing to test on then.
    classes
        Number of classes, at least 2; without it, targets are floating-point numbers.
    shape
        Shape of one example in the file. It is read from there unless given; when given, a spec
        with classes can be validated where the file is missing.
    flatten
        Whether each example becomes one axis of features, which is what dense layers take. False
        keeps the axes, channels last; two axes get a third for their one channel.
    scale
        Above 0; what inputs are multiplied by. By default 1/255 for unsigned bytes, else 1.
    """

    type: Literal["npz"] = "npz"
    path: DataPath
    train_inputs: str = "train_inputs"
    train_targets: str = "train_targets"
    test_inputs: str = "test_inputs"
    test_targets: str = "test_targets"
    classes: Annotated[int, Ge(2)] | None = None
    shape: ExampleShape | None = None
    flatten: bool = True
    scale: Annotated[float, Gt(0)] | None = None

    def info(self) -> DataInfo:
        """Read the headers of the arrays."""
        if self.shape is not None and self.classes is not None and is_missing(self.path):
            shape = input_shape(self.shape, flatten=self.flatten)
            scale = scale_for(None, self.scale)
            return DataInfo(
                shape, ClassTarget(self.classes), None, None, bytes_per_value=4, scale=scale
            )
        with open_npz(self.path) as archive:
            inputs, targets = archive.header(self.train_inputs), archive.header(self.train_targets)
            stored = inputs.shape[1:] if self.shape is None else self.shape
            train = check_pair(inputs, targets, stored)
            target = self._target(targets)
            test, tests = 0, None
            if self.has_test(archive):
                tests = archive.header(self.test_inputs)
                test_targets = archive.header(self.test_targets)
                test = check_pair(tests, test_targets, stored)
                _check_same(target, self._target(test_targets), test_targets.name)
        shape = input_shape(stored, flatten=self.flatten)
        scale = scale_for(inputs, self.scale, test=tests)
        return DataInfo(shape, target, train, test, _bytes_kept(inputs.dtype), scale=scale)

    def has_test(self, archive: NpzArchive) -> bool:
        """Tell whether there are arrays to test on; a name that the spec chose must be there."""
        wanted = (self.test_inputs, self.test_targets)
        return wanted != _TEST_NAMES or any(name in archive.names() for name in wanted)

    def _target(self, header: ArrayHeader) -> Target:
        if self.classes is not None:
            return ClassTarget(self.classes)
        if header.dtype.kind != "f":
            raise DataError(
                f"{header.name}: expected floating-point targets, because the spec gives no number "
                f"of classes; found {header.dtype}: set 'classes' if these are class indices"
            )
        return VectorTarget(header.shape[1:] or (1,))


@final
class Npz(Dataset[NpzConfig]):
    """See `NpzConfig`."""

    def load(self) -> Splits:
        """Read the arrays."""
        config = self.config
        info = config.info()
        with open_npz(config.path) as archive:
            train = self._examples(archive, info, config.train_inputs, config.train_targets)
            test = None
            if config.has_test(archive):
                test = self._examples(archive, info, config.test_inputs, config.test_targets)
        return Splits(train, test)

    def _examples(self, archive: NpzArchive, info: DataInfo, inputs: str, targets: str) -> Examples:
        target = info.target
        values = archive.read(targets)
        rows: Targets
        if isinstance(target, ClassTarget):
            rows = class_indices(values, target.classes, archive.called(targets))
        else:
            floats = _to_floats(values, archive.called(targets))
            rows = floats.reshape(len(floats), *target.shape)
        kept = _to_inputs(archive.read(inputs), archive.called(inputs))
        kept = kept.reshape(len(rows), *info.input_shape)
        return Examples(kept, rows)


def _to_inputs(values: Values, name: str) -> Inputs:
    return values.view(np.uint8) if values.dtype == np.uint8 else _to_floats(values, name)


def _to_floats(values: Values, name: str) -> Array:
    """Return float32 and float64 as they are, other numbers as float32; all of them finite."""
    if values.dtype != np.float64:
        return to_float32(values, name)
    floats: Array = values.view(np.float64)
    check_finite(floats, name)
    return floats


def _bytes_kept(dtype: np.dtype[np.generic]) -> int:
    """Return the size of an input value once it is read."""
    return dtype.itemsize if dtype.name in ("uint8", "float64") else 4


def _check_same(train: Target, test: Target, name: str) -> None:
    if train != test:
        raise DataError(f"{name}: expected targets like those to train on, {train}; found {test}")
