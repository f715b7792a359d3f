"""Examples from IDX files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self, final

import numpy as np
from annotated_types import Ge, Gt
from pydantic import Field, model_validator

from layerkit.plugin import (
    ArrayHeader,
    ClassTarget,
    DataInfo,
    DataPath,
    Dataset,
    DatasetConfig,
    Examples,
    ExampleShape,
    Inputs,
    Shape,
    Splits,
    check_pair,
    class_indices,
    input_shape,
    is_missing,
    problem,
    read_idx,
    read_idx_header,
    scale_for,
    to_float32,
)


class IdxConfig(DatasetConfig):
    """Inputs and class labels in IDX files, the format of MNIST; gzip-compressed or plain.

    Inputs that are unsigned bytes stay bytes, all others become float32.

    Attributes
    ----------
    train_inputs, train_labels
        Files to train on: ``(n, *shape)`` numbers and ``(n,)`` class indices.
    test_inputs, test_labels
        Files to test on; both or neither.
    classes
        Number of classes, at least 2.
    shape
        Shape of one example in the files. It is read from them unless given; when given, a spec
        can be validated where the files are missing.
    flatten
        Whether each example becomes one axis of features, which is what dense layers take. False
        keeps the axes, channels last; two axes get a third for their one channel.
    scale
        Above 0; what inputs are multiplied by. By default 1/255 for unsigned bytes, else 1.

    References
    ----------
    LeCun, Cortes, Burges, The MNIST database of handwritten digits, "File formats".
    """

    type: Literal["idx"] = "idx"
    train_inputs: Annotated[DataPath, Field(examples=["train-images-idx3-ubyte.gz"])]
    train_labels: Annotated[DataPath, Field(examples=["train-labels-idx1-ubyte.gz"])]
    test_inputs: DataPath | None = None
    test_labels: DataPath | None = None
    classes: Annotated[int, Ge(2), Field(examples=[10])]
    shape: ExampleShape | None = None
    flatten: bool = True
    scale: Annotated[float, Gt(0)] | None = None

    @model_validator(mode="after")
    def _test_files_come_in_pairs(self) -> Self:
        if (self.test_inputs is None) != (self.test_labels is None):
            raise problem(
                "wrong-value",
                "expected both test_inputs and test_labels, or neither; found one of them",
                "add the other, or leave both out",
            )
        return self

    def info(self) -> DataInfo:
        """Read the headers."""
        inputs = self._header(self.train_inputs)
        shape = self.shape
        if shape is None:
            shape = () if inputs is None else inputs.shape[1:]
        tests = None if self.test_inputs is None else self._header(self.test_inputs)
        test: int | None = 0
        if self.test_labels is not None:
            test = _count(tests, self.test_labels, shape)
        return DataInfo(
            input_shape(shape, flatten=self.flatten),
            ClassTarget(self.classes),
            _count(inputs, self.train_labels, shape),
            test,
            bytes_per_value=1 if inputs is not None and inputs.dtype == np.uint8 else 4,
            scale=scale_for(inputs, self.scale, test=tests),
        )

    def _header(self, inputs: Path) -> ArrayHeader | None:
        """Return the header of a file; None if it is missing and the spec gives the shape."""
        is_known = self.shape is not None and is_missing(inputs)
        return None if is_known else read_idx_header(inputs)


def _count(inputs: ArrayHeader | None, labels: Path, shape: Shape) -> int | None:
    return None if inputs is None else check_pair(inputs, read_idx_header(labels), shape)


@final
class Idx(Dataset[IdxConfig]):
    """See `IdxConfig`."""

    def load(self) -> Splits:
        """Read the files."""
        config = self.config
        shape = config.info().input_shape
        train = self._examples(config.train_inputs, config.train_labels, shape)
        if config.test_inputs is None or config.test_labels is None:
            return Splits(train, None)
        return Splits(train, self._examples(config.test_inputs, config.test_labels, shape))

    def _examples(self, inputs_path: Path, labels_path: Path, shape: Shape) -> Examples:
        labels = class_indices(read_idx(labels_path), self.config.classes, str(labels_path))
        values = read_idx(inputs_path)
        inputs: Inputs = (
            values.view(np.uint8)
            if values.dtype == np.uint8
            else to_float32(values, str(inputs_path))
        )
        return Examples(inputs.reshape(len(labels), *shape), labels)
