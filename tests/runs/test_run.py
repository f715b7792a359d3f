from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import final

import numpy as np
import pytest

from layerkit.contracts.callback import Callback
from layerkit.contracts.dataset import ClassTarget
from layerkit.contracts.events import EpochEnded
from layerkit.engine.checkpoint import read_state
from layerkit.engine.training import train
from layerkit.errors import DataError, DivergedError, FileError, UsageError
from layerkit.formats.checked_json import with_checksum
from layerkit.runs.directory import RunDirectory
from layerkit.runs.run import load, run
from layerkit.spec.loading import load_spec
from layerkit.values import is_table
from tests.helpers.specs import small_spec


def manifest(directory: Path) -> dict[str, object]:
    parsed: dict[str, object] = json.loads((directory / "manifest.json").read_text())
    return parsed


def test_a_run_directory_says_all_about_the_run(tmp_path: Path) -> None:
    result = run(small_spec(), tmp_path / "run")
    names = {path.name for path in (tmp_path / "run").iterdir()}
    files = {"spec.toml", "manifest.json", "history.jsonl", "model.safetensors", "best.safetensors"}
    assert names == {*files, "checkpoints", ".lock"}
    assert load_spec(tmp_path / "run" / "spec.toml") == small_spec()
    lines = (tmp_path / "run" / "history.jsonl").read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == [1, 2, 3]
    record = manifest(tmp_path / "run")
    assert record["status"] == "finished"
    assert record["test"] == result.test
    assert set(record) >= {"environment", "distributions", "data", "seed", "started", "seconds"}
    model = (tmp_path / "run" / "model.safetensors").read_bytes()
    assert record["model_sha256"] == hashlib.sha256(model).hexdigest()


def test_the_manifest_has_the_best_epoch_and_its_figures(tmp_path: Path) -> None:
    best = run(small_spec("training.early_stopping={}"), tmp_path / "run").best
    assert best is not None
    assert best.restored
    assert manifest(tmp_path / "run")["best"] == asdict(best)
    assert run(small_spec("data.validation=0"), tmp_path / "none").best is None
    assert manifest(tmp_path / "none")["best"] is None


def test_the_manifest_names_the_distributions_that_the_spec_uses(tmp_path: Path) -> None:
    run(small_spec('layers.1="relu"'), tmp_path / "run")
    distributions = manifest(tmp_path / "run")["distributions"]
    assert is_table(distributions)
    assert set(distributions) == {"layerkit", "layerkit-relu"}


def test_the_network_comes_back_from_its_run_directory(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(5, 2)).astype(np.float32)
    trained = run(small_spec(), tmp_path / "run").network
    np.testing.assert_array_equal(load(tmp_path / "run").predict(x), trained.predict(x))


def test_a_run_loads_without_the_data_that_it_was_trained_on(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    inputs, labels = rng.normal(size=(40, 2)).astype(np.float32), rng.integers(0, 3, 40)
    path = tmp_path / "data.npz"
    np.savez(path, train_inputs=inputs, train_targets=labels)
    data = f'data={{type="npz", path="{path}", classes=3}}'
    trained = run(small_spec(data), tmp_path / "run").network
    path.unlink()
    loaded = load(tmp_path / "run")
    np.testing.assert_array_equal(loaded.predict(inputs), trained.predict(inputs))
    assert loaded.plan.info.target == trained.plan.info.target == ClassTarget(3)


def test_a_manifest_that_says_nothing_of_the_data_is_refused(tmp_path: Path) -> None:
    run(small_spec(), tmp_path / "run")
    for content, reason in ((with_checksum({}), "expected 'info'"), (b"{", "no valid JSON")):
        (tmp_path / "run" / "manifest.json").write_bytes(content)
        with pytest.raises(DataError, match=rf"manifest\.json: {reason}"):
            load(tmp_path / "run")
    (tmp_path / "run" / "manifest.json").unlink()
    with pytest.raises(FileError, match=r"manifest\.json: cannot be read"):
        load(tmp_path / "run")


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    run(small_spec(), tmp_path / "run")
    spec = tmp_path / "run" / "spec.toml"
    spec.write_text(spec.read_text().replace("units = 8", "units = 9"))
    with pytest.raises(DataError, match="the spec that the weights were trained with"):
        load(tmp_path / "run")


def test_the_same_spec_leaves_the_same_weights(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(small_spec(), tmp_path / name)
    files = [(tmp_path / name / "model.safetensors").read_bytes() for name in ("a", "b")]
    assert files[0] == files[1]


def test_a_run_writes_over_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(UsageError, match="expected a new or empty directory"):
        run(small_spec(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_diverged_run_says_so_and_saves_no_number_that_is_not_finite(tmp_path: Path) -> None:
    with pytest.raises(DivergedError):
        run(small_spec("optimizer.learning_rate=1e30", "checkpoints.every_steps=1"), tmp_path)
    assert str(manifest(tmp_path)["status"]).startswith("DivergedError: training diverged")
    assert manifest(tmp_path)["model_after_step"] == 1
    assert np.isfinite(load(tmp_path).storage.vector.value).all()
    checkpoints = RunDirectory(tmp_path).checkpoints
    assert np.isfinite(read_state(checkpoints.last()).arrays["parameters"]).all()


@final
class Interruption(Callback):
    def epoch_ended(self, event: EpochEnded) -> None:
        if event.epoch == 2:
            raise KeyboardInterrupt


@pytest.mark.parametrize("threads", [1, 2])
def test_a_last_step_that_diverged_is_a_divergence(tmp_path: Path, threads: int) -> None:
    once = f"training={{epochs = 1, batch_size = 'full', threads = {threads}}}"
    with pytest.raises(DivergedError, match=r"the validation loss is inf after step 1 \(epoch 1\)"):
        run(small_spec(once, "optimizer.learning_rate=1e38"), tmp_path)

    def refuse(constant: str) -> None:
        pytest.fail(f"expected JSON, found {constant}")

    record: dict[str, object] = json.loads(
        (tmp_path / "manifest.json").read_text(), parse_constant=refuse
    )
    assert str(record["status"]).startswith("DivergedError: training diverged")


@pytest.mark.parametrize("threads", [1, 2])
def test_parameters_that_the_last_step_made_infinite_are_a_divergence(
    tmp_path: Path, threads: int
) -> None:
    once = f"training={{epochs = 1, batch_size = 'full', threads = {threads}}}"
    changes = (once, "data.validation=0", "optimizer.learning_rate=1e39")
    with pytest.raises(DivergedError, match=r"after step 1 .*; dense_\d\.\w+ has numbers that are"):
        run(small_spec(*changes), tmp_path)


def test_an_interrupted_run_keeps_what_it_had(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(small_spec(), tmp_path / "run", [Interruption()])
    assert manifest(tmp_path / "run")["status"] == "Interrupted"
    two_epochs = train(small_spec("training.epochs=2")).network
    assert load(tmp_path / "run").storage.vector.value.tolist() == (
        two_epochs.storage.vector.value.tolist()
    )


def test_fewer_examples_than_a_batch_leave_no_directory(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("x,y\n" + "1,a\n2,b\n" * 5)
    data = {"type": "csv", "path": str(path), "target": "y", "classes": ["a", "b"]}
    spec = {
        "data": {**data, "columns": {"x": "number"}, "validation": 4},
        "layers": [{"type": "dense", "units": 2}],
        "loss": "softmax_cross_entropy",
        "optimizer": {"type": "sgd", "learning_rate": 0.1},
        "training": {"batch_size": 8},
    }
    reason = (
        "at least 8, one batch, training examples, found 6: 4 of 10 are set aside; set training"
    )
    with pytest.raises(DataError, match=reason):
        run(spec, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_examples_that_cannot_be_set_aside_leave_no_directory(tmp_path: Path) -> None:
    changes = ("data.stratify=true", "data.validation=2")
    with pytest.raises(DataError, match="expected examples of every class for validation, found"):
        run(small_spec(*changes), tmp_path / "run")
    assert not (tmp_path / "run").exists()
