from __future__ import annotations

from pathlib import Path

from layerkit.runs.comparing import environment_differences, flat, spec_differences
from layerkit.runs.results import RunResults
from layerkit.runs.run import run
from tests.helpers.manifests import change
from tests.helpers.specs import TINY, small_spec


def made(directory: Path, *overrides: str) -> RunResults:
    run(small_spec("training.epochs=1", *overrides, text=TINY), directory)
    return RunResults.read(directory)


def test_tables_and_lists_become_dotted_paths() -> None:
    table = {"a": {"b": [1, {"c": 2}], "d": []}, "e": {}, "f": None}
    assert dict(flat(table)) == {"a.b.0": 1, "a.b.1.c": 2, "a.d": [], "e": {}, "f": None}


def test_specs_differ_where_any_run_has_another_value(tmp_path: Path) -> None:
    runs = [
        made(tmp_path / "a"),
        made(tmp_path / "b", "optimizer.learning_rate=0.2"),
        made(tmp_path / "c", "data.fold=1/2"),
    ]
    assert spec_differences(runs) == {
        "optimizer.learning_rate": [0.1, 0.2, 0.1],
        "data.fold.number": [None, None, 1],
        "data.fold.of": [None, None, 2],
    }
    assert spec_differences(runs[:1]) == {}


def test_versions_machine_and_data_are_compared_too(tmp_path: Path) -> None:
    first, second = made(tmp_path / "a"), made(tmp_path / "b", "data.train_per_class=41")
    assert set(environment_differences([first, second])) == {"data.train", "data.sha256"}
    change(tmp_path / "b", distributions={"layerkit": "9.9", "extra": "1.0"})
    found = environment_differences([first, RunResults.read(tmp_path / "b")])
    assert found["distributions.layerkit"][1] == "9.9"
    assert found["distributions.extra"] == [None, "1.0"]
