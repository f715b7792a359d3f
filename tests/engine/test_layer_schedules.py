"""Numbers of layers that change over a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layerkit.contracts.layer_schedules import LayerSchedules
from layerkit.contracts.schedule import ScheduleContext
from layerkit.engine.data import load_data
from layerkit.engine.gradient import BatchGradient
from layerkit.engine.network import Network
from layerkit.engine.training import train
from layerkit.engine.workers import WorkerPool
from layerkit.errors import UsageError
from layerkit.schedules import MultiStep, OneCycle, Piecewise
from layerkit.testing.resume import check_resume
from tests.helpers.commands import here
from tests.helpers.specs import TINY, problems, small_plan, small_spec, write_spec

RUN = ScheduleContext(0.1, 4, 3)
FALLING = "{type='multi_step', steps=[2], factor=0.1}"


def test_a_number_is_that_of_the_step() -> None:
    schedules = LayerSchedules(RUN)
    rate = schedules.scheduled("dropout_1.rate", 0.5, MultiStep(steps=(2, 5), factor=0.1), 1.0)
    assert rate.value == 0.5
    found: list[float] = []
    for step in range(1, 8):
        schedules.start(step)
        found.append(rate.value)
    assert found == pytest.approx([0.5, 0.5, 0.05, 0.05, 0.05, 0.005, 0.005])


def test_every_shard_gets_the_same_number() -> None:
    schedules = LayerSchedules(RUN)
    one = schedules.scheduled("dropout_1.rate", 0.5, OneCycle(), 1.0)
    assert schedules.scheduled("dropout_1.rate", 0.5, OneCycle(), 1.0) is one
    assert schedules.scheduled("dropout_2.rate", 0.5, OneCycle(), 1.0) is not one
    assert list(schedules.schedules) == ["dropout_1.rate", "dropout_2.rate"]


def test_a_schedule_that_leaves_the_range_is_refused_before_the_first_step() -> None:
    schedule = Piecewise(steps=(0, 7), factors=(1.0, 2.5))
    with pytest.raises(
        UsageError,
        match=r"^dropout_1\.rate: expected the schedule to stay in the range from 0 to below 1, "
        r"found 1\.25 at step 8; lower the factors of dropout_1\.rate_schedule$",
    ):
        LayerSchedules(RUN).scheduled("dropout_1.rate", 0.5, schedule, 1.0)


def test_the_last_step_of_a_long_run_is_tried() -> None:
    last_alone = Piecewise(steps=(0, 3999), factors=(1.0, 2.5))
    with pytest.raises(UsageError, match=r"found 1\.25 at step 4000"):
        LayerSchedules(ScheduleContext(0.1, 1000, 4)).scheduled("a.rate", 0.5, last_alone, 1.0)


IN_CHANNELS = "{type='sequential', layers=[{type='reshape', shape=[2, 4]}, %s, 'flatten']}"


@pytest.mark.parametrize("shards", [1, 2])
@pytest.mark.parametrize(
    ("kind", "around"),
    [
        ("dropout", "%s"),
        ("gaussian_dropout", "%s"),
        ("alpha_dropout", "%s"),
        ("spatial_dropout", IN_CHANNELS),
    ],
)
def test_a_step_of_a_layer_is_that_with_the_rate_of_the_step(
    kind: str, around: str, shards: int
) -> None:
    gradients: list[list[float]] = []
    for options in (f"rate=0.5, rate_schedule={FALLING}", "rate=0.05"):
        layer = around % f"{{type='{kind}', {options}}}"
        network = Network(small_plan(f"layers.2={layer}"))
        data = load_data(network.plan).train
        x, targets = data.inputs[:16].astype(np.float32), data.targets[:16]
        with WorkerPool(shards) as workers:
            compute = BatchGradient(network, 16, workers, LayerSchedules(RUN))
            for step in (1, 3):
                compute(x, targets, None, step)
                gradient = sum(compute.added, network.storage.vector.grad.copy())
                gradients.append(gradient.tolist())
    scheduled_first, scheduled_third, fixed_first, fixed_third = gradients
    assert scheduled_first != fixed_first
    assert scheduled_third == fixed_third


def test_a_layer_within_another_has_a_schedule_too() -> None:
    layers = (
        "layers=[{type='dense', units=8}, {type='residual', layers=[{type='dense', units=8}, "
        "{type='dropout', rate=0.5%s}]}, {type='dense', units=3}]"
    )
    plain = train(small_spec(layers % ""))
    falling = train(small_spec(layers % f", rate_schedule={FALLING}"))
    assert plain.history[0].train != falling.history[0].train


def test_evaluation_drops_nothing_whatever_the_schedule() -> None:
    network = Network(small_plan(f"layers.2.rate_schedule={FALLING}"))
    plain = Network(small_plan())
    data = load_data(plain.plan).train
    assert np.array_equal(network.predict(data.inputs[:9]), plain.predict(data.inputs[:9]))


PLATEAU = "{type='reduce_on_plateau', factor=0.5, patience=1, min_delta=9.0}"


@pytest.mark.parametrize("schedule", [FALLING, PLATEAU])
def test_a_run_resumes_in_the_same_bits(schedule: str) -> None:
    spec = small_spec(f"layers.2.rate_schedule={schedule}", "training.threads=2")
    assert check_resume(spec, steps=20) > 20


def test_a_schedule_of_a_figure_that_is_not_there_is_refused_at_its_line() -> None:
    wrong = "layers.2.rate_schedule={type='reduce_on_plateau', monitor='f1'}"
    assert problems(wrong)[0].startswith("layers.2.rate_schedule.monitor: ")


def test_a_schedule_of_a_rate_of_0_is_refused() -> None:
    assert problems("layers.2.rate=0.0", f"layers.2.rate_schedule={FALLING}") == [
        "layers.2: rate_schedule expects a rate above 0 "
        "(set rate, such as 0.5, or leave rate_schedule out)"
    ]


def test_a_run_whose_rate_would_be_1_ends_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layers = TINY.replace(
        '"tanh",', '{type = "dropout", rate_schedule = {type = "one_cycle", peak = 3.0}},'
    )
    ran = here(capsys, "run", write_spec(tmp_path, layers), "--out", tmp_path / "out")
    assert ran.code == 2
    assert ran.err.count("\n") == 1
    assert "dropout_1.rate: expected the schedule to stay in the range" in ran.err
