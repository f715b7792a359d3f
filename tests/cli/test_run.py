from __future__ import annotations

import re
from pathlib import Path

import pytest

from layerkit.plan.threads import available_cores
from layerkit.runs.run import load
from layerkit.spec.loading import load_spec
from tests.helpers.commands import here, in_process
from tests.helpers.specs import TINY, write_spec


def test_a_run_says_what_it_does_in_plain_lines(tmp_path: Path) -> None:
    ran = in_process("run", write_spec(tmp_path), "--out", "out", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.isascii()
    assert not re.search(r"[^\n -~]", ran.out)
    lines = ran.out.splitlines()
    assert lines[0] == f"spec     {tmp_path / 'tiny.toml'}"
    assert lines[1] == "network  3 layers, 51 parameters: dense, tanh, dense"
    assert lines[2] == "data     spirals: 90 to train on, 30 to validate, 60 to test"
    assert lines[3] == "results  out"
    epochs = [line for line in lines if line.startswith("epoch ")]
    assert [line.split(":")[0] for line in epochs] == ["epoch 1/3", "epoch 2/3", "epoch 3/3"]
    for word in ("train loss ", "validation loss ", "validation accuracy ", "learning rate 0.1, "):
        assert all(word in line for line in epochs)
    assert re.fullmatch(r"test accuracy \d+\.\d\d %, test loss \d\.\d{4}", lines[-3])
    assert lines[-2].startswith("3 epochs in ")
    assert lines[-1] == "results in out"
    names = {path.name for path in (tmp_path / "out").iterdir()}
    files = {"spec.toml", "manifest.json", "history.jsonl"}
    assert names == {*files, "model.safetensors", "best.safetensors", "checkpoints", ".lock"}


def test_the_same_command_twice_gives_the_same_bits(tmp_path: Path) -> None:
    spec = write_spec(tmp_path)
    for out in ("first", "second"):
        assert in_process("run", spec, "--quiet", "--out", out, cwd=tmp_path).code == 0
    first, second = (
        (tmp_path / out / "model.safetensors").read_bytes() for out in ("first", "second")
    )
    assert first == second


def test_long_paths_are_not_broken_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / ("long " * 30) / "run"
    ran = here(capsys, "run", write_spec(tmp_path), "--out", out)
    assert f"\nresults in {out}\n" in ran.out


def test_without_out_the_directory_is_named_after_spec_and_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = write_spec(tmp_path)
    printed = [here(capsys, "run", spec, "--quiet").out for _ in range(2)]
    for line in printed:
        assert re.fullmatch(r"runs/tiny-\d{8}-\d{6}(-2)?\n", line)
        assert (tmp_path / line.strip() / "model.safetensors").exists()
    assert len(set(printed)) == 2


def test_set_and_seed_change_the_spec_that_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    changes = ("--set", "training.epochs=1", "--set", "layers.0.units=5", "--seed", "3")
    assert here(capsys, "run", write_spec(tmp_path), *changes, "--out", out).code == 0
    spec = load_spec(out / "spec.toml")
    assert (spec.training.epochs, spec.seed) == (1, 3)
    assert load(out).parameters["dense_1.weight"].shape == (2, 5)


def test_a_directory_that_holds_anything_is_refused_and_untouched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine").write_text("precious")
    ran = here(capsys, "run", write_spec(tmp_path), "--out", out)
    assert ran.code == 2
    assert "expected a new or empty directory" in ran.err
    assert [(path.name, path.read_text()) for path in out.iterdir()] == [("mine", "precious")]


def test_quiet_prints_the_run_directory_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    ran = here(capsys, "run", write_spec(tmp_path), "-q", "--out", out)
    assert (ran.code, ran.out, ran.err) == (0, f"{out}\n", "")


def test_early_stopping_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stopping = "epochs = 50, early_stopping = {patience = 1, min_delta = 10.0}"
    spec = write_spec(tmp_path, TINY.replace("epochs = 3", stopping))
    ran = here(capsys, "run", spec, "--out", tmp_path / "out")
    assert "\nstopped early, after 2 of 50 epochs\n2 epochs in " in ran.out


def test_the_best_epoch_is_told_and_whether_its_weights_were_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = write_spec(tmp_path)
    line = (
        r"\n\nbest epoch (\d), by validation {}: validation accuracy .+ %, validation loss .+\n{}"
    )
    ran = here(capsys, "run", spec, "--out", tmp_path / "plain")
    assert re.search(line.format("loss", "test accuracy"), ran.out)
    stopping = ("--set", 'training.early_stopping={monitor = "accuracy"}')
    ran = here(capsys, "run", spec, "--out", tmp_path / "stopping", *stopping)
    kept = r"the weights of epoch \1 were kept\ntest accuracy"
    assert re.search(line.format("accuracy", kept), ran.out)
    ran = here(capsys, "run", spec, "--out", tmp_path / "none", "--set", "data.validation=0")
    assert "best epoch" not in ran.out


def test_without_test_examples_nothing_is_said_of_a_test(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = write_spec(tmp_path, TINY.replace("test_per_class = 20", "test_per_class = 0"))
    ran = here(capsys, "run", spec, "--out", tmp_path / "out")
    assert ran.code == 0
    assert "90 to train on, 30 to validate\n" in ran.out
    assert "test loss" not in ran.out


def test_a_spec_that_no_memory_is_enough_for_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lbfgs = 'optimizer={type = "lbfgs", history = 10000000000}'
    ran = here(capsys, "run", write_spec(tmp_path), "--out", tmp_path / "run", "--set", lbfgs)
    assert ran.code == 2
    assert "error: not enough memory: expected about 3.7 TiB, found a machine, or a" in ran.err
    assert ran.out == ""
    assert ran.err.endswith("'layerkit summary' shows what takes it\n")


def test_more_threads_than_cores_are_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cores = available_cores()
    spec = write_spec(tmp_path, TINY)
    change = ("--set", f"training.threads={cores + 1}")
    ran = here(capsys, "run", spec, *change, "--out", tmp_path / "run")
    assert ran.code == 2
    assert f"expected at most {cores}, the cores of this machine, found {cores + 1}" in ran.err
    assert not (tmp_path / "run").exists()
    assert here(capsys, "validate", spec, *change).code == 0  # on another machine it may be right
