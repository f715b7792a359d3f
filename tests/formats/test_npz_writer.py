from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from layerkit.arrays import Array
from layerkit.formats.npz import open_npz
from layerkit.formats.npz_writer import npz_bytes


def test_numpy_and_our_own_reader_read_what_was_written(tmp_path: Path) -> None:
    arrays: dict[str, Array] = {
        "dense_1.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
        "transposed": np.arange(6.0).reshape(2, 3).T,
        "none": np.zeros((0, 4)),
    }
    content = npz_bytes(arrays, {"about.json": '{"ä": 1}'})
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        for name, array in arrays.items():
            assert archive[name].dtype == array.dtype
            np.testing.assert_array_equal(archive[name], array)
        assert archive["about.json"].decode() == '{"ä": 1}'
    path = tmp_path / "arrays.npz"
    path.write_bytes(content)
    with open_npz(path) as ours:
        assert ours.names() == [*arrays]
        np.testing.assert_array_equal(ours.read("dense_1.weight"), arrays["dense_1.weight"])
