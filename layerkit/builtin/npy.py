"""Examples from ``.npy`` files."""

from __future__ import annotations

from typing import Annotated, Literal, Self, final

from annotated_types import Ge, Gt
from pydantic import Field, model_validator

from layerkit.plugin import (
    ClassTarget,
    DataInfo,
    DataPath,
    Dataset,
    DatasetConfig,
    ExampleShape,
    NpyFile,
    Splits,
    examples_of_arrays,
    info_of_arrays,
    input_shape,
    is_missing,
    problem,
    scale_for,
)


class NpyConfig(DatasetConfig):
    """Inputs and targets in files of ``numpy.save``, which may be larger than memory.

    Rows are read from the files a batch at a time, those of the next batch while the network is
    trained on this one; in memory are class indices, and the order of the rows. Where the files
    fit into memory, ``mapped = false`` reads them once. Nothing is ever unpickled.

    Attributes
    ----------
    train_inputs, train_targets
        Files to train on: ``(n, *shape)`` numbers of any type, and ``(n,)`` integer class indices
        or ``(n, *target)`` floating-point numbers. Targets ``(n,)`` of these become ``(n, 1)``.
    test_inputs, test_targets
        Files to test on; both or neither.
    classes
        Number of classes, at least 2; without it, targets are floating-point numbers.
    shape
        Shape of one example in the files. It is read from them unless given; when given, a spec
        with classes can be validated where the files are missing.
    flatten
        Whether each example becomes one axis of features, which is what dense layers take. False
        keeps the axes, channels last; two axes get a third for their one channel.
    scale
        Above 0; what inputs are multiplied by. By default 1/255 for unsigned bytes, else 1.
    mapped
        Whether rows stay in the files. False reads all into memory: inputs that are unsigned
        bytes, float32 or float64 stay so, all others become float32.

    References
    ----------
    NumPy Enhancement Proposal 1, A simple file format for NumPy arrays.
    """

    type: Literal["npy"] = "npy"
    train_inputs: Annotated[DataPath, Field(examples=["inputs.npy"])]
    train_targets: Annotated[DataPath, Field(examples=["targets.npy"])]
    test_inputs: DataPath | None = None
    test_targets: DataPath | None = None
    classes: Annotated[int, Ge(2)] | None = None
    shape: ExampleShape | None = None
    flatten: bool = True
    scale: Annotated[float, Gt(0)] | None = None
    mapped: bool = True

    @model_validator(mode="after")
    def _test_files_come_in_pairs(self) -> Self:
        if (self.test_inputs is None) != (self.test_targets is None):
            raise problem(
                "wrong-value",
                "expected both test_inputs and test_targets, or neither; found one of them",
                "add the other, or leave both out",
            )
        return self

    @property
    def train_files(self) -> tuple[NpyFile, NpyFile]:
        """Inputs and targets to train on."""
        return NpyFile(self.train_inputs), NpyFile(self.train_targets)

    @property
    def test_files(self) -> tuple[NpyFile, NpyFile] | None:
        """Inputs and targets to test on, if there are some."""
        if self.test_inputs is None or self.test_targets is None:
            return None
        return NpyFile(self.test_inputs), NpyFile(self.test_targets)

    def info(self) -> DataInfo:
        """Read the headers."""
        known = self.shape is not None and self.classes is not None
        if known and self.shape and self.classes and is_missing(self.train_inputs):
            shape = input_shape(self.shape, flatten=self.flatten)
            test = 0 if self.test_inputs is None else None
            target, scale = ClassTarget(self.classes), scale_for(None, self.scale)
            return DataInfo(shape, target, None, test, 4, scale=scale, mapped=self.mapped)
        return info_of_arrays(
            self.train_files,
            self.test_files,
            classes=self.classes,
            shape=self.shape,
            flatten=self.flatten,
            scale=self.scale,
            mapped=self.mapped,
        )


@final
class Npy(Dataset[NpyConfig]):
    """See `NpyConfig`."""

    def load(self) -> Splits:
        """Open the files, or read them where they are not mapped."""
        config = self.config
        info, test = config.info(), config.test_files
        return Splits(
            examples_of_arrays(info, *config.train_files),
            None if test is None else examples_of_arrays(info, *test),
        )
