from __future__ import annotations

import json
from pathlib import Path

import pytest

from layerkit.contracts.callback import Callback
from layerkit.contracts.events import StepEnded
from layerkit.errors import UsageError
from layerkit.interrupts import Interrupted, Interruption
from layerkit.runs.results import RunResults
from layerkit.runs.run import load, run
from layerkit.runs.series import Series, Spread, folds_of, seeds_of, spreads_of
from layerkit.spec.models import MAX_SEED, ModelSpec
from tests.helpers.manifests import change
from tests.helpers.specs import TINY, small_spec


def tiny(*overrides: str) -> ModelSpec:
    return small_spec(*overrides, text=TINY)


class InterruptAt(Callback):
    """Does what Ctrl-C does, at a step."""

    def __init__(self, interruption: Interruption, step: int) -> None:
        self._interruption = interruption
        self._step = step

    def step_ended(self, event: StepEnded) -> None:
        if event.step == self._step:
            self._interruption.request(Interrupted())


def carried_out(series: Series) -> dict[str, RunResults]:
    return {member.name: series.carry_out(member, [], Interruption()) for member in series.members}


def test_every_fold_and_every_seed_is_a_member() -> None:
    folds = folds_of(tiny(), 3)
    assert [(each.name, each.value) for each in folds] == [
        ("fold-01", "1/3"),
        ("fold-02", "2/3"),
        ("fold-03", "3/3"),
    ]
    assert [str(each.spec.data.fold) for each in folds] == ["1/3", "2/3", "3/3"]
    assert {each.spec.seed for each in folds} == {1}
    seeds = seeds_of(tiny("seed=9"), 2)
    assert [(each.name, each.value, each.spec.seed) for each in seeds] == [
        ("seed-09", "9", 9),
        ("seed-10", "10", 10),
    ]
    assert folds_of(tiny(), 100)[0].name == "fold-001"


def test_seeds_that_no_spec_may_have_are_refused() -> None:
    spec = tiny().model_copy(update={"seed": MAX_SEED})
    assert len(seeds_of(spec, 1)) == 1
    with pytest.raises(UsageError, match=f"expected seeds up to {MAX_SEED}, found {MAX_SEED + 1}"):
        seeds_of(spec, 2)


def test_a_fold_is_the_run_that_its_spec_alone_would_be(tmp_path: Path) -> None:
    series = Series(tmp_path / "out", "fold", folds_of(tiny(), 2))
    with series.opened():
        results = carried_out(series)
    alone = run(tiny("data.fold=2/2"), tmp_path / "alone")
    assert results["fold-02"].test == alone.test
    weights = [
        (path / "model.safetensors").read_bytes()
        for path in (tmp_path / "out" / "fold-02", tmp_path / "alone")
    ]
    assert weights[0] == weights[1]


def test_a_series_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    series = Series(tmp_path / "out", "seed", seeds_of(tiny(), 2))
    first, second = series.members
    interruption = Interruption()
    with series.opened():
        series.carry_out(first, [], Interruption())
        with pytest.raises(Interrupted):
            series.carry_out(second, [InterruptAt(interruption, 4)], interruption)
    assert [each.status for each in series.results().values()] == ["finished", "interrupted"]
    started = series.results()["seed-1"].started
    again = Series(tmp_path / "out", "seed", seeds_of(tiny(), 2))
    with again.opened():
        results = carried_out(again)
    assert [each.status for each in results.values()] == ["finished", "finished"]
    assert results["seed-1"].started == started
    run(tiny("seed=2"), tmp_path / "alone")
    resumed, whole = load(tmp_path / "out" / "seed-2"), load(tmp_path / "alone")
    for name, array in whole.arrays.items():
        assert array.tobytes() == resumed.arrays[name].tobytes()


def test_the_runs_of_another_spec_are_refused(tmp_path: Path) -> None:
    series = Series(tmp_path, "seed", seeds_of(tiny(), 1))
    carried_out(series)
    other = Series(tmp_path, "seed", seeds_of(tiny("training.epochs=4"), 1))
    with pytest.raises(UsageError, match="seed-1: expected a run of this spec as it is now, found"):
        carried_out(other)


def test_a_run_without_a_checkpoint_is_not_run_over(tmp_path: Path) -> None:
    series = Series(tmp_path, "seed", seeds_of(tiny(), 1))
    carried_out(series)
    (checkpoint,) = (tmp_path / "seed-1" / "checkpoints").iterdir()
    checkpoint.unlink()
    change(tmp_path / "seed-1", status="running")
    with pytest.raises(UsageError, match="ended before it saved a checkpoint; remove it, and the"):
        carried_out(series)


def test_a_directory_with_anything_else_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    series = Series(tmp_path, "fold", folds_of(tiny(), 2))
    said = "one with some of these 2 runs; found mine; choose"
    with pytest.raises(UsageError, match=said), series.opened():
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_what_fails_at_once_leaves_no_directory(tmp_path: Path) -> None:
    series = Series(tmp_path / "new" / "out", "fold", folds_of(tiny(), 2))
    with pytest.raises(UsageError, match="nothing"), series.opened():
        raise UsageError("nothing")
    assert not (tmp_path / "new" / "out").exists()


def test_two_series_in_one_directory_are_refused(tmp_path: Path) -> None:
    series = Series(tmp_path, "fold", folds_of(tiny(), 2))
    other, said = Series(tmp_path, "fold", folds_of(tiny(), 2)), "no other run is writing to"
    with series.opened(), pytest.raises(UsageError, match=said), other.opened():
        pass


def test_a_run_that_diverged_counts_as_done_and_not_in_the_mean(tmp_path: Path) -> None:
    members = [*seeds_of(tiny(), 1), *seeds_of(tiny("seed=2", "optimizer.learning_rate=1e38"), 1)]
    series = Series(tmp_path, "seed", members)
    for _ in range(2):
        results = [*carried_out(series).values()]
        assert [each.status for each in results] == ["finished", "diverged"]
        assert spreads_of(results)["test"]["loss"].runs == 1


def test_the_spread_is_that_of_a_sample() -> None:
    spread = Spread.of([1.0, 2.0, 4.0, 5.0])
    assert spread.mean == 3
    assert spread.standard_deviation == pytest.approx((10 / 3) ** 0.5)  # 4 + 1 + 1 + 4, by n - 1
    assert (spread.minimum, spread.maximum, spread.runs) == (1, 5, 4)
    assert Spread.of([2.0]).standard_deviation is None


def test_the_file_says_all_of_it(tmp_path: Path) -> None:
    series = Series(tmp_path, "fold", folds_of(tiny(), 2))
    with series.opened():
        results = {"fold-01": series.carry_out(series.members[0], [], Interruption())}
        series.write("tiny.toml", results)
        half = json.loads(series.file.read_text())
        assert [each["status"] for each in half["runs"]] == ["finished", "not begun"]
        series.write("tiny.toml", carried_out(series))
    facts = json.loads((tmp_path / "crossval.json").read_text())
    losses = [each["test"]["loss"] for each in facts["runs"]]
    assert facts["test"]["loss"]["mean"] == pytest.approx(sum(losses) / 2)
    assert facts["standard_deviation"] == "of the sample (n - 1)"
    assert [each["fold"] for each in facts["runs"]] == ["1/2", "2/2"]
    assert set(facts["validation"]) == set(facts["test"]) == {"loss", "accuracy"}
