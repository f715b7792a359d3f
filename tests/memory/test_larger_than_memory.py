"""Training on data that are larger than the memory it may take: ``make test-memory``."""

from __future__ import annotations

import io
import json
import os
import re
import time
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from tests.helpers.commands import start as started

GB = float(os.environ.get("LAYERKIT_TEST_GB", "2"))
LIMIT = GB / 10
"""Gigabytes of anonymous memory that the run may take."""
FEATURES = 4096
SPEC = """
metrics = ["accuracy"]
layers = ["standardize", {type = "dense", units = 16}, "tanh", {type = "dense", units = 2}]
loss = "softmax_cross_entropy"
optimizer = {type = "sgd", learning_rate = 0.01}
training = {epochs = 1, batch_size = 512}

[data]
type = "npy"
train_inputs = "x.npy"
train_targets = "y.npy"
classes = 2
validation = 0.1
"""


def write_data(directory: Path, count: int) -> None:
    """Write a file that is nearly all hole, which takes no room on the disk, and its targets."""
    header = io.BytesIO()
    npy.write_array_header_1_0(
        header, {"descr": "<f4", "fortran_order": False, "shape": (count, FEATURES)}
    )
    with (directory / "x.npy").open("wb") as file:
        file.write(header.getvalue())
        rng = np.random.default_rng(0)
        for row in range(0, count, 1000):
            file.seek(len(header.getvalue()) + row * FEATURES * 4)
            file.write(rng.normal(size=FEATURES).astype("<f4").tobytes())
        file.truncate(len(header.getvalue()) + count * FEATURES * 4)
    np.save(directory / "y.npy", (np.arange(count) // 1000 % 2).astype(np.uint8))


def anonymous_bytes(process: int) -> int:
    """Return the anonymous memory of a process that is resident, 0 once it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    return 0 if found is None else int(found[1]) * 1024


def test_a_mapped_array_trains_in_a_tenth_of_its_size(tmp_path: Path) -> None:
    count = int(GB * 1e9) // (4 * FEATURES)
    write_data(tmp_path, count)
    file = (tmp_path / "x.npy").stat()
    assert file.st_size > GB * 0.999e9
    (tmp_path / "spec.toml").write_text(SPEC)
    start, peak = time.perf_counter(), 0
    process = started("-m", "layerkit", "run", "spec.toml", "--out", "run", cwd=tmp_path)
    try:
        while process.poll() is None:
            peak = max(peak, anonymous_bytes(process.pid))
            time.sleep(0.01)
    finally:
        process.kill()
    out, err = process.communicate()
    seconds = time.perf_counter() - start
    assert process.returncode == 0, out + err
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert manifest["data"]["train"] == count
    print(  # noqa: T201
        f"\n{file.st_size / 1e9:.1f} GB ({file.st_blocks * 512 / 1e6:.0f} MB on the disk), "
        f"{count:,} examples: {peak / 1e6:.0f} MB of anonymous memory, {seconds:.0f} s"
    )
    assert 0 < peak < LIMIT * 1e9
