from __future__ import annotations

import json
import os
import subprocess
import tomllib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from docs.examples.numpy_alone import predict
from layerkit.errors import DataError, FileError, UsageError
from layerkit.formats.weights import read_arrays, read_note
from layerkit.runs.export import ExportFormat, export_run
from layerkit.runs.run import load, run
from tests.helpers.specs import SPEC, TINY, small_spec

TIE = {
    "parameter": "dense_1.weight",
    "shares": "residual_1.dense_1.weight",
    "transposed": True,
}
X: NDArray[np.float32] = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the directory of a run."""
    directory = tmp_path_factory.mktemp("run")
    run(small_spec(text=TINY), directory)
    return directory


def note_of(path: Path) -> dict[str, object]:
    with np.load(path) as archive:
        found: dict[str, object] = json.loads(archive["layerkit.json"])
    return found


def test_an_npz_file_is_all_that_numpy_needs_to_predict(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "network.npz"
    assert export_run(made, path).values == 51
    found = predict(str(path), X)
    np.testing.assert_allclose(found, load(made).predict(X), rtol=1e-5)


def test_dropout_is_left_out_of_the_example(tmp_path: Path) -> None:
    run(small_spec("training.epochs=1", text=SPEC), tmp_path / "run")
    export_run(tmp_path / "run", tmp_path / "network.npz")
    found = predict(str(tmp_path / "network.npz"), X)
    np.testing.assert_allclose(found, load(tmp_path / "run").predict(X), rtol=1e-5)


def test_both_formats_have_the_same_arrays_and_the_same_note(made: Path, tmp_path: Path) -> None:
    for name in ("network.npz", "network.safetensors"):
        export_run(made, tmp_path / name)
    tensors, network = read_arrays(tmp_path / "network.safetensors"), load(made)
    with np.load(tmp_path / "network.npz") as archive:
        assert set(archive.files) == {*tensors, "layerkit.json"}
        for name, array in network.arrays.items():
            assert array.tobytes() == tensors[name].tobytes() == archive[name].tobytes()
    note = note_of(tmp_path / "network.npz")
    assert json.loads(read_note(tmp_path / "network.safetensors")) == note
    assert tomllib.loads(str(note["spec"])) == tomllib.loads((made / "spec.toml").read_text())
    assert note["layers"] == [
        {"path": "dense_1", "type": "dense", "output_shape": [8]},
        {"path": "tanh_1", "type": "tanh", "output_shape": [8]},
        {"path": "dense_2", "type": "dense", "output_shape": [3]},
    ]
    assert (note["input_shape"], note["scale"], note["classes"]) == ([2], 1.0, 3)


def test_names_state_and_tied_parameters_are_in_the_file(tmp_path: Path) -> None:
    table = {
        "layers": [
            "batch_norm",
            {"type": "residual", "layers": [{"type": "dense", "units": 2}]},
            {"type": "dense", "units": 2},
        ],
        "ties": [TIE],
        "loss": "softmax_cross_entropy",
        "optimizer": "adam",
        "training": {"epochs": 1},
    }
    names = np.where(X[:, 0] > 0, "above", "below")
    run(table, tmp_path / "run", data=(X, names))
    export_run(tmp_path / "run", tmp_path / "network.npz")
    note = note_of(tmp_path / "network.npz")
    assert note["class_names"] == ["above", "below"]
    with np.load(tmp_path / "network.npz") as archive:
        tied = archive["dense_1.weight"]
        np.testing.assert_array_equal(tied, archive["residual_1.dense_1.weight"].T)
        state = set(load(tmp_path / "run").storage.state)
        assert state
        assert state < set(archive.files)


@pytest.mark.parametrize("suffix", ["npz", "safetensors"])
def test_the_same_run_gives_the_same_bytes(made: Path, tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / f"{name}.{suffix}" for name in ("first", "second")]
    for path in paths:
        export_run(made, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "network.npz"
    path.write_bytes(b"precious")
    with pytest.raises(UsageError, match=r"network.npz: expected a new file, found one; choose"):
        export_run(made, path)
    assert path.read_bytes() == b"precious"
    export_run(made, path, force=True)
    assert note_of(path)["classes"] == 3
    assert [each.name for each in tmp_path.iterdir()] == ["network.npz"]


def test_the_format_is_that_of_the_name_or_chosen(made: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"expected a name that ends in .safetensors or .npz, or"):
        export_run(made, tmp_path / "network.bin")
    assert export_run(made, tmp_path / "network.bin", "npz").format == "npz"
    assert note_of(tmp_path / "network.bin")["classes"] == 3
    assert export_run(made, tmp_path / "N.SAFETENSORS").format == "safetensors"


def test_what_cannot_be_read_or_written_is_told(made: Path, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"spec.toml: cannot read the spec"):
        export_run(tmp_path, tmp_path / "network.npz")
    with pytest.raises(FileError, match=r"network.npz: cannot write: No such file or directory"):
        export_run(made, tmp_path / "missing" / "network.npz")
    assert [*tmp_path.iterdir()] == []


def test_damaged_weights_are_not_exported(tmp_path: Path) -> None:
    run(small_spec("training.epochs=1", text=TINY), tmp_path / "run")
    weights = tmp_path / "run" / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(DataError, match="expected what the checksum in the manifest says"):
        export_run(tmp_path / "run", tmp_path / "network.npz")
    assert not (tmp_path / "network.npz").exists()


@pytest.mark.parametrize("form", ["npz", "safetensors"])
def test_a_link_is_written_through_and_a_pipe_stays_one(
    form: ExportFormat, made: Path, tmp_path: Path
) -> None:
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(tmp_path / "file")
    export_run(made, link, form)
    assert link.is_symlink()
    os.mkfifo(pipe)  # as /dev/null, which root would lose
    with (tmp_path / "read").open("wb") as read:
        reader = subprocess.Popen(["/bin/cat", pipe], stdout=read)
    export_run(made, pipe, form, force=True)
    assert reader.wait(10) == 0
    assert pipe.is_fifo()
    assert (tmp_path / "read").read_bytes() == (tmp_path / "file").read_bytes()
