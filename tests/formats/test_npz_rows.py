from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np

from layerkit.formats.npz_rows import NpzRowWriter


def test_rows_that_come_in_pieces_are_one_array(tmp_path: Path) -> None:
    p = np.random.default_rng(0).random((10, 2, 3)).astype(np.float32)
    with (tmp_path / "out.npz").open("wb") as stream, NpzRowWriter(stream) as writer:
        for start in (0, 4, 8):
            writer.write({"p": p[start : start + 4], "k": np.arange(start, min(start + 4, 10))})
        writer.finish({"names": np.array(["a", "bcd"])})
    with np.load(tmp_path / "out.npz") as found:
        np.testing.assert_array_equal(found["p"], p)
        assert found["p"].dtype == np.float32
        assert found["k"].tolist() == [*range(10)]
        assert found["names"].tolist() == ["a", "bcd"]


def test_an_array_without_rows_is_there(tmp_path: Path) -> None:
    with (tmp_path / "out.npz").open("wb") as stream, NpzRowWriter(stream) as writer:
        writer.write({"p": np.empty((0, 3))})
        writer.finish({})
    with np.load(tmp_path / "out.npz") as found:
        assert found["p"].shape == (0, 3)


def test_an_archive_can_be_written_into_a_pipe() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as stream, NpzRowWriter(stream) as writer:
        writer.write({"p": np.arange(6.0).reshape(2, 3)})
        writer.finish({})
    with os.fdopen(reading, "rb") as read, np.load(io.BytesIO(read.read())) as found:
        assert found["p"].tolist() == [[0, 1, 2], [3, 4, 5]]
