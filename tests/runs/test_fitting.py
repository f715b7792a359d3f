from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.errors import UsageError
from layerkit.plan.threads import available_cores
from layerkit.runs.fitting import check_memory, check_threads
from layerkit.runs.run import run
from tests.helpers.commands import here
from tests.helpers.specs import PLAIN, small_plan, write_spec


def test_a_spec_that_fits_is_run() -> None:
    check_memory(small_plan())
    check_threads(small_plan(f"training.threads={available_cores()}"))


def test_more_threads_than_cores_are_refused() -> None:
    cores = available_cores()
    with pytest.raises(UsageError) as caught:
        check_threads(small_plan(f"training.threads={cores + 1}"))
    assert str(caught.value) == (
        f"training.threads: expected at most {cores}, the cores of this machine, found "
        f'{cores + 1}; threads = "auto" takes as many as the network keeps busy'
    )


def test_more_memory_than_the_machine_has_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    with pytest.raises(UsageError, match=r"^not enough memory: expected about \d+\.\d TiB, found "):
        run(small_plan("layers.0.units=50000000000"), tmp_path / "run")
    assert [*tmp_path.iterdir()] == []


def test_run_ends_with_2_where_validate_says_ok(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = write_spec(tmp_path, PLAIN)
    wide = ("--set", "layers.0.units=50000000000")
    assert here(capsys, "validate", spec, *wide).code == 0
    ran = here(capsys, "run", spec, *wide)
    assert (ran.code, ran.out) == (2, "")
    assert not (tmp_path / "runs").exists()
