"""Examples from an ``.npz`` file."""

from __future__ import annotations

from typing import Annotated, Literal, final

from annotated_types import Ge, Gt
from pydantic import Field

from layerkit.plugin import (
    ClassTarget,
    DataInfo,
    DataPath,
    Dataset,
    DatasetConfig,
    Examples,
    ExampleShape,
    NpzArchive,
    Splits,
    examples_of_arrays,
    info_of_arrays,
    input_shape,
    is_missing,
    open_npz,
    scale_for,
)

_TEST_NAMES = ("test_inputs", "test_targets")


class NpzConfig(DatasetConfig):
    """Arrays in one file of ``numpy.savez`` or ``numpy.savez_compressed``.

    Inputs that are unsigned bytes, float32 or float64 stay so, all others become float32, unless
    they stay in the file. Nothing is ever unpickled.

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
    mapped
        Whether arrays stay in the file, which may be larger than memory, and rows are read a batch
        at a time; only class indices are in memory. Only those of ``numpy.savez``, which are not
        compressed, can.

    References
    ----------
    NumPy Enhancement Proposal 1, A simple file format for NumPy arrays.
    """

    type: Literal["npz"] = "npz"
    path: Annotated[DataPath, Field(examples=["data.npz"])]
    train_inputs: str = "train_inputs"
    train_targets: str = "train_targets"
    test_inputs: str = "test_inputs"
    test_targets: str = "test_targets"
    classes: Annotated[int, Ge(2)] | None = None
    shape: ExampleShape | None = None
    flatten: bool = True
    scale: Annotated[float, Gt(0)] | None = None
    mapped: bool = False

    def info(self) -> DataInfo:
        """Read the headers of the arrays."""
        if self.shape is not None and self.classes is not None and is_missing(self.path):
            shape = input_shape(self.shape, flatten=self.flatten)
            scale = scale_for(None, self.scale)
            return DataInfo(
                shape, ClassTarget(self.classes), None, None, 4, scale=scale, mapped=self.mapped
            )
        with open_npz(self.path) as archive:
            test = None
            if self.has_test(archive):
                test = archive.array(self.test_inputs), archive.array(self.test_targets)
            return info_of_arrays(
                (archive.array(self.train_inputs), archive.array(self.train_targets)),
                test,
                classes=self.classes,
                shape=self.shape,
                flatten=self.flatten,
                scale=self.scale,
                mapped=self.mapped,
            )

    def has_test(self, archive: NpzArchive) -> bool:
        """Tell whether there are arrays to test on; a name that the spec chose must be there."""
        wanted = (self.test_inputs, self.test_targets)
        return wanted != _TEST_NAMES or any(name in archive.names() for name in wanted)


@final
class Npz(Dataset[NpzConfig]):
    """See `NpzConfig`."""

    def load(self) -> Splits:
        """Read the arrays, or open them where they are mapped."""
        config = self.config
        info = config.info()
        with open_npz(config.path) as archive:
            train = _examples(archive, info, config.train_inputs, config.train_targets)
            test = None
            if config.has_test(archive):
                test = _examples(archive, info, config.test_inputs, config.test_targets)
        return Splits(train, test)


def _examples(archive: NpzArchive, info: DataInfo, inputs: str, targets: str) -> Examples:
    return examples_of_arrays(info, archive.array(inputs), archive.array(targets))
