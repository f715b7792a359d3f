"""A small file in every format that a dataset reads."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from PIL import Image
from pyarrow.feather import write_feather

ROWS = 6


def write_data_files(directory: Path) -> dict[str, dict[str, object]]:
    """Write the files; return the table of a spec for every dataset that reads some of them."""
    directory.mkdir(parents=True, exist_ok=True)
    csv, jsonl = directory / "table.csv", directory / "table.jsonl"
    size = [row + 0.5 for row in range(ROWS)]
    color = [("red", "blue")[row % 2] for row in range(ROWS)]
    pairs = [*zip(size, color, strict=True)]
    csv.write_text("size,color\n" + "".join(f"{a},{b}\n" for a, b in pairs))
    jsonl.write_text("".join(f'{{"size": {a}, "color": "{b}"}}\n' for a, b in pairs))
    parquet, arrow = directory / "table.parquet", directory / "table.arrow"
    duckdb.read_csv(str(csv)).write_parquet(str(parquet))
    write_feather(pa.table({"size": size, "color": color}), str(arrow))
    columns = {"target": "color", "classes": ["red", "blue"], "columns": {"size": "number"}}
    inputs = np.arange(ROWS * 4, dtype=np.uint8).reshape(ROWS, 2, 2)
    labels = np.arange(ROWS, dtype=np.uint8) % 2
    for name, array in (("inputs", inputs), ("labels", labels)):
        np.save(directory / f"{name}.npy", array)
        (directory / f"{name}.gz").write_bytes(_idx(array))
    np.savez(directory / "arrays.npz", train_inputs=inputs, train_targets=labels)
    for row in range(ROWS):
        folder = directory / "images" / color[row]
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(inputs[row]).save(folder / f"{row}.png")
    return {
        "csv": {"path": csv, **columns},
        "jsonl": {"path": jsonl, **columns},
        "parquet": {"path": parquet, **columns},
        "arrow": {"path": arrow, **columns},
        "npy": {
            "train_inputs": directory / "inputs.npy",
            "train_targets": directory / "labels.npy",
            "classes": 2,
        },
        "npz": {"path": directory / "arrays.npz", "classes": 2},
        "idx": {
            "train_inputs": directory / "inputs.gz",
            "train_labels": directory / "labels.gz",
            "classes": 2,
        },
        "image_folder": {"train_directory": directory / "images", "image_size": (2, 2)},
    }


def _idx(array: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    head = struct.pack(f">HBB{array.ndim}I", 0, 0x08, array.ndim, *array.shape)
    return gzip.compress(head + array.tobytes())
