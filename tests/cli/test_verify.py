from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from layerkit.runs.directory import RunDirectory
from layerkit.runs.run import run
from tests.helpers.commands import here, in_process
from tests.helpers.plugins import install
from tests.helpers.specs import TINY, small_spec, write_spec

STEPS = ("--steps", "4")


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    run(small_spec("checkpoints={every_epochs=1, keep=2}"), tmp_path / "run")
    return tmp_path / "run"


def test_what_was_tried_is_said(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = here(capsys, "verify", directory, *STEPS)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"{directory}: manifest.json, spec.toml, history.jsonl, model.safetensors, "
        "best.safetensors, checkpoints/step-000000024.safetensors, "
        "checkpoints/step-000000016.safetensors: ok\n"
        "6 restarts of a short copy of it, the same bits: ok\n"
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("spec.toml", "expected the spec that the run was started with, found it changed"),
        ("history.jsonl", "expected epoch 1, found None"),
        ("model.safetensors", "expected what the checksum in the manifest says; the file is da"),
        ("best.safetensors", "expected what its checksum says; the file is damaged"),
        ("checkpoints/step-000000016.safetensors", "expected what its checksum says; the file is"),
    ],
)
def test_a_damaged_file_is_named_and_the_others_are_checked_all_the_same(
    directory: Path, capsys: pytest.CaptureFixture[str], name: str, reason: str
) -> None:
    path = directory / name
    content = path.read_bytes()
    changed = content.replace(b'"epoch"', b'"epohc"', 1) if name == "history.jsonl" else b""
    path.write_bytes(changed or content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
    ran = here(capsys, "verify", directory, *STEPS)
    assert ran.code == 3
    assert ran.err.startswith(f"error: {path}:")
    assert reason in ran.err
    assert ran.err.count("\n") == 1
    assert len(ran.out.split(", ")) == 7 - 1
    assert Path(name).name not in ran.out


def test_a_lost_epoch_and_a_lost_file_are_found(
    directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history = directory / "history.jsonl"
    first, *_ = history.read_text().splitlines(keepends=True)
    history.write_text(first)
    ran = here(capsys, "verify", directory, *STEPS)
    assert (ran.code, ran.err) == (3, f"error: {history}: expected 3 epochs, found 1\n")
    history.write_text(first[:-9])
    assert f"{history}:1: no valid JSON" in here(capsys, "verify", directory, *STEPS).err
    history.unlink()
    ran = here(capsys, "verify", directory, *STEPS)
    assert (ran.code, ran.err.startswith(f"error: {history}: cannot be read")) == (4, True)
    assert here(capsys, "verify", directory / "absent").code == 4


def test_another_machine_is_noted(
    directory: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("numpy.__version__", "99.0")
    ran = here(capsys, "verify", directory, *STEPS)
    assert ran.code == 0
    assert ran.err.startswith(f"note: {directory}: a resumed run may end in other bits here: numpy")


def test_a_run_on_arrays_in_memory_has_its_files_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = np.random.default_rng(1).normal(size=(40, 2))
    run(small_spec("data.validation=5"), tmp_path, data=(inputs, [0, 1, 2, 1] * 10))
    ran = here(capsys, "verify", tmp_path)
    assert ran.code == 2
    assert ran.out.startswith(f"{tmp_path}: manifest.json, spec.toml, history.jsonl, model")
    assert "data" in ran.err


def test_a_component_that_forgets_is_found(tmp_path: Path) -> None:
    points = "[layerkit.gradient_transforms]\nforgets = forgets:Forgets\n"
    module = """
from typing import Literal
from layerkit.plugin import GradientTransform, GradientTransformConfig

class ForgetsConfig(GradientTransformConfig):
    type: Literal["forgets"] = "forgets"

class Forgets(GradientTransform[ForgetsConfig]):
    seen = 0

    def apply(self, gradients, step):
        self.seen += 1
        for gradient in gradients:
            gradient /= self.seen
"""
    install(tmp_path / "site", "forgets", points, module=module)
    spec = write_spec(tmp_path, f'gradient_transforms = ["forgets"]\n{TINY}')
    extra = {"PYTHONPATH": str(tmp_path / "site")}
    assert in_process("run", spec, "--out", "out", cwd=tmp_path, extra=extra).code == 0
    ran = in_process("verify", "out", *STEPS, cwd=tmp_path, extra=extra)
    assert ran.code == 3
    assert ran.err.startswith(
        "error: out: check_resume: resumed after step 1: dense_1.weight: expected "
    )


def test_a_run_that_diverged_is_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = write_spec(tmp_path, TINY.replace('"tanh", ', "").replace("rate = 0.1", "rate = 1e30"))
    assert here(capsys, "run", spec, "--out", tmp_path / "out").code == 6
    ran = here(capsys, "verify", tmp_path / "out")
    assert ran.code == 6
    assert "manifest.json, spec.toml, history.jsonl, model.safetensors: ok" in ran.out
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["model_after_step"] > 0
    assert not RunDirectory(tmp_path / "out").has_best
