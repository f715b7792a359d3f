from __future__ import annotations

import io
import os
import socket
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.arrays import Shape
from layerkit.errors import DataError, FileError
from layerkit.formats.files import (
    ArrayHeader,
    ExampleShape,
    check_finite,
    check_pair,
    input_shape,
    is_missing,
    open_data,
    read_exactly,
    reading_errors,
    scale_for,
    to_float32,
)
from layerkit.strict_model import StrictModel

FLOAT = np.dtype(np.float32)


class Table(StrictModel):
    shape: ExampleShape


def test_an_example_shape_is_a_list_of_positive_integers() -> None:
    assert Table.model_validate({"shape": [28, 28]}).shape == (28, 28)
    for wrong in ([0], [True], ["28"], [2.0], 28):
        with pytest.raises(ValidationError, match="shape"):
            Table.model_validate({"shape": wrong})


def test_a_file_that_cannot_be_opened_is_an_error_that_names_it(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path, tmp_path / "nul\0"):
        with pytest.raises(FileError) as caught, open_data(path):
            pass
        assert str(path) in str(caught.value)


def test_a_file_that_changes_while_it_is_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123")

    def longer() -> None:
        path.write_bytes(b"01234")

    def written_to() -> None:
        status = path.stat()
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))

    def read_while(change: Callable[[], None]) -> None:
        with open_data(path) as file:
            assert file.read()
            change()

    for change in (longer, written_to):
        with pytest.raises(DataError, match=r"file: .* found it changed"):
            read_while(change)
    with open_data(path) as file:
        assert file.read() == b"01234"


def test_what_the_system_does_not_read_is_a_file_error(tmp_path: Path) -> None:
    with (
        pytest.raises(FileError, match=r"x: cannot be read: .*Is a directory"),
        reading_errors("x"),
    ):
        tmp_path.open("rb")


def test_a_path_that_is_no_regular_file_is_told_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(tmp_path / "socket"))
    for path, found in (
        (tmp_path, "a directory"),
        (tmp_path / "pipe", "a named pipe"),
        (tmp_path / "socket", "a socket"),
        (Path(os.devnull), "a device"),
    ):
        with (
            pytest.raises(FileError, match=f"{path}: expected a regular file to read, .* {found};"),
            open_data(path),
        ):
            pass


def overwrite(path: Path, written: bytes, reason: DataError | None) -> None:
    with open_data(path) as file:
        path.write_bytes(written)
        assert file.read() == written
        if reason is not None:
            raise reason


@pytest.mark.parametrize("reason", [None, DataError("cut short")])
@pytest.mark.parametrize("written", [b"more", b"abd"])
def test_a_file_that_changes_while_it_is_read_is_an_error(
    tmp_path: Path, written: bytes, reason: DataError | None
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    os.utime(path, (1, 1))
    with pytest.raises(DataError, match=rf"{path}: .* found it changed") as caught:
        overwrite(path, written, reason)
    assert caught.value.__cause__ is reason


def test_an_error_in_a_file_that_stays_as_it_is_remains(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(DataError, match=r"^cut short$"), open_data(path):
        raise DataError("cut short")


def test_only_what_is_not_there_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert is_missing(path)
    path.touch()
    assert not is_missing(path)
    assert is_missing(path / "below")
    assert not is_missing(tmp_path / "nul\0")


def test_exactly_the_declared_bytes_are_read() -> None:
    data = bytes(range(256)) * 5000
    assert read_exactly(io.BytesIO(data), len(data), "data") == data
    with pytest.raises(DataError, match=r"data: expected 1280001 bytes .* found 1280000;"):
        read_exactly(io.BytesIO(data), len(data) + 1, "data")
    with pytest.raises(DataError, match=r"data: expected 1279999 bytes .* found more;"):
        read_exactly(io.BytesIO(data), len(data) - 1, "data")


def test_a_pair_has_one_target_for_each_example() -> None:
    inputs = ArrayHeader("x", (5, 2, 3), FLOAT)
    assert check_pair(inputs, ArrayHeader("y", (5,), FLOAT), (2, 3)) == 5
    with pytest.raises(DataError, match=r"^y: .* each of the 5 examples of x; found .* \(4,\)$"):
        check_pair(inputs, ArrayHeader("y", (4,), FLOAT), (2, 3))


@pytest.mark.parametrize("found", [(), (5,), (5, 3, 2)])
def test_a_pair_has_examples_of_the_expected_shape(found: Shape) -> None:
    with pytest.raises(DataError, match=r"^x: expected examples of shape \(2, 3\)") as caught:
        check_pair(ArrayHeader("x", found, FLOAT), ArrayHeader("y", (5,), FLOAT), (2, 3))
    assert str(caught.value).endswith(f"found an array of shape {found}")


@pytest.mark.parametrize(
    ("stored", "flat", "axes"),
    [
        ((), (1,), ()),
        ((4,), (4,), (4,)),
        ((28, 28), (784,), (28, 28, 1)),
        ((32, 32, 3), (3072,), (32, 32, 3)),
    ],
)
def test_examples_become_one_axis_or_keep_theirs_with_channels_last(
    stored: Shape, flat: Shape, axes: Shape
) -> None:
    assert input_shape(stored, flatten=True) == flat
    assert input_shape(stored, flatten=False) == axes


def test_numbers_become_float32_without_a_copy_where_they_are() -> None:
    floats = np.ones((2, 2), np.float32)
    assert np.shares_memory(to_float32(floats, "x"), floats)
    assert to_float32(np.array([1, -7], np.int16), "x").tolist() == [1, -7]
    with pytest.raises(DataError, match="beyond float32, the first at index"):
        to_float32(np.array([1.0, 1e300]), "x")


def test_numbers_that_are_not_finite_are_counted_and_the_first_is_named() -> None:
    values = np.zeros((2, 3), np.float32)
    check_finite(values, "x")
    values[1] = (0, np.nan, -np.inf)
    with pytest.raises(DataError, match=r"x: .* found 2 of 6 .* first at index \(1, 1\): nan"):
        check_finite(values, "x")


def test_bytes_are_scaled_to_one_unless_the_spec_says_otherwise() -> None:
    pixels, floats = (ArrayHeader("x", (1, 2), np.dtype(kind)) for kind in ("u1", "f4"))
    assert (scale_for(pixels, None), scale_for(floats, None)) == (1 / 255, 1.0)
    assert (scale_for(pixels, 0.5), scale_for(floats, 0.5)) == (0.5, 0.5)
    assert (scale_for(None, None), scale_for(None, 0.5)) == (1.0, 0.5)
