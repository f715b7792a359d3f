from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import (
    EpochEnded,
    EpochStarted,
    StepEnded,
    TrainingStarted,
    ValidationStarted,
)
from layerkit.contracts.gradient_transform import (
    GradientTransform,
    GradientTransformConfig,
    GradientTransformContext,
)
from layerkit.engine.checkpoint import read_state, write_state
from layerkit.engine.data import load_data
from layerkit.engine.network import Network
from layerkit.engine.trainer import Trainer
from layerkit.errors import DataError
from layerkit.plan.network import plan_network
from layerkit.state import State
from tests.engine.resuming import (
    FULL,
    PLAIN,
    VARIANTS,
    Ending,
    Saver,
    bits,
    expect_same_end,
    spec_of,
    stored,
    train,
)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_run_saved_at_any_event_ends_in_the_same_bits(variant: str, tmp_path: Path) -> None:
    spec = spec_of(*VARIANTS[variant])
    assert plan_network(spec).threads.shards == spec.training.threads
    saver = Saver(tmp_path)
    network = train(spec, [saver])
    end = read_state(tmp_path / "training_ended")
    steps = [path for path in saver.paths if path.name.startswith("step_ended")]
    assert len(steps) == 10 * len(end.history)
    for path in saver.paths:
        ending = tmp_path / "end"
        resumed = train(spec, [Ending(ending)], resumed=path)
        expect_same_end(end, read_state(ending))
        assert bits(resumed.arrays) == bits(network.arrays)


def test_all_at_once_has_forty_steps_and_every_piece_has_its_say(tmp_path: Path) -> None:
    spec = spec_of(FULL)
    train(spec, [Saver(tmp_path)])
    end = read_state(tmp_path / "training_ended")
    assert end.numbers["progress"]["step"] == 40
    rates = [epoch.learning_rate for epoch in end.history]
    assert rates == pytest.approx([0.0128, 0.02, 0.02, 0.01])
    assert list(end.numbers) == [
        "progress",
        "schedule",
        "schedule of residual_1.dropout_1.rate",
        "callback 0 AverageWeights",
        "callback 1 GradientNorms",
        "callback 2 EarlyStopping",
    ]


@pytest.mark.parametrize(
    "without",
    [
        "gradient_transforms=[]",
        "constraints=[]",
        "regularizers=[]",
        "callbacks=[]",
        "optimizer.groups=[]",
        "optimizer.weight_decay=0.0",
        "optimizer.schedule.schedule='constant'",
        "layers.1.layers.3={type='dropout', rate=0.0}",
        "layers.1.layers.3={type='dropout', rate=0.3}",
    ],
)
def test_every_piece_of_it_changes_the_result(without: str) -> None:
    assert bits(train(spec_of(FULL)).arrays) != bits(train(spec_of(FULL, without)).arrays)


def test_a_stop_that_was_asked_for_is_saved_with_the_run(tmp_path: Path) -> None:
    class Stop(Callback):
        def training_started(self, event: TrainingStarted, run: Run) -> None:
            self.run = run

        def step_ended(self, event: StepEnded) -> None:
            if event.step == 13:
                self.run.stop("enough")

    saver = Saver(tmp_path)
    stopped = train(spec_of(PLAIN), [Stop(), saver])
    assert saver.paths[-1].name == "training_ended"
    for path in saver.paths:
        if path.name in ("gradient_ready_13", "step_ended_13", "training_ended"):
            resumed = train(spec_of(PLAIN), resumed=path)
            assert bits(resumed.arrays) == bits(stopped.arrays)


def test_a_run_can_be_saved_twice_at_one_event(tmp_path: Path) -> None:
    train(spec_of(PLAIN), [Ending(tmp_path / "a"), Ending(tmp_path / "b")])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_arrays_are_restored_in_place(tmp_path: Path) -> None:
    train(spec_of(PLAIN), [Saver(tmp_path)])
    plan = plan_network(spec_of(PLAIN))
    network = Network(plan)
    before = dict(network.arrays)
    trainer = Trainer(network, load_data(plan))
    trainer.resume(tmp_path / "training_ended")
    trainer.train()
    for path, array in network.arrays.items():
        assert np.shares_memory(array, before[path])
        assert array.any()


def test_callbacks_see_the_restored_network_from_the_start(tmp_path: Path) -> None:
    seen: list[Array] = []

    class Look(Callback):
        def training_started(self, event: TrainingStarted, run: Run) -> None:
            seen.append(run.parameters["dense_1.weight"].copy())

    trained = train(spec_of(PLAIN), [Saver(tmp_path)])
    train(spec_of(PLAIN), [Look()], resumed=tmp_path / "training_ended")
    np.testing.assert_array_equal(seen[0], trained.parameters["dense_1.weight"])


def test_more_epochs_can_follow(tmp_path: Path) -> None:
    train(spec_of(PLAIN), [Saver(tmp_path)])
    longer = spec_of(PLAIN, "training.epochs=6")
    at_once = train(longer)
    resumed = train(longer, resumed=tmp_path / "training_ended")
    assert bits(resumed.arrays) == bits(at_once.arrays)


def test_events_that_are_over_do_not_come_again(tmp_path: Path) -> None:
    class Log(Callback):
        def __init__(self) -> None:
            self.names: list[str] = []

        def epoch_started(self, event: EpochStarted) -> None:
            self.names.append(f"epoch {event.epoch}")

        def step_ended(self, event: StepEnded) -> None:
            self.names.append(f"step {event.step}")

        def validation_started(self, event: ValidationStarted) -> None:
            self.names.append(f"validation {event.epoch}")

        def epoch_ended(self, event: EpochEnded) -> None:
            self.names.append(f"end {event.epoch}")

    whole = Log()
    train(spec_of(PLAIN), [whole, Saver(tmp_path)])
    for name, event in (
        ("epoch_started_2", "epoch 2"),
        ("step_ended_20", "step 20"),
        ("validation_started_2", "validation 2"),
        ("epoch_ended_2", "end 2"),
    ):
        rest = Log()
        train(spec_of(PLAIN), [rest], resumed=tmp_path / name)
        assert rest.names == whole.names[whole.names.index(event) + 1 :]


@dataclass
class _Seen(State):
    steps: int = 0


class FadesConfig(GradientTransformConfig):
    """Divides the gradient by the number of steps that it has seen."""

    type: Literal["fades"] = "fades"


@final
class Fades(GradientTransform[FadesConfig]):
    def __init__(self, config: FadesConfig, context: GradientTransformContext) -> None:
        super().__init__(config, context)
        self._seen = _Seen()

    def state(self) -> State:
        return self._seen

    def apply(self, gradients: Sequence[Array], step: int) -> None:
        self._seen.steps += 1
        for gradient in gradients:
            np.divide(gradient, self._seen.steps, out=gradient)


def test_what_a_gradient_transform_remembers_is_saved(tmp_path: Path) -> None:
    spec = spec_of(PLAIN).model_copy(update={"gradient_transforms": (FadesConfig(),)})
    at_once = train(spec, [Saver(tmp_path)])
    resumed = train(spec, resumed=tmp_path / "step_ended_17")
    assert bits(resumed.arrays) == bits(at_once.arrays)


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        (
            ["layers.0.units=7"],
            r"expected the state of a network with dense_1\.weight \(2, 7\), dense_1\.bias \(7,\), "
            r"dense_2\.weight \(7, 3\); found one with dense_1\.weight \(2, 6\)",
        ),
        (["layers.0.name=entry"], r"network with entry\.weight .*; found one with dense_1\.weight"),
        (
            ["layers.1='batch_norm'"],
            r"network with .*batch_norm_1\.mean \(6,\).*found one with fewer",
        ),
        (["optimizer={type='adam'}"], "expected the arrays parameters, state, slot gradient_sum, "),
        (
            ["optimizer.momentum=0.0"],
            "expected the arrays parameters, state; found .*slot velocity",
        ),
        (["seed=4"], "a run with seed 4, found 3"),
        (["dtype=float64"], "a run with dtype float64, found float32"),
        (["training.batch_size=6"], "a run with batch size 6, found 8"),
        (["data.validation=20"], "a run with training examples 70, found 78"),
        (["callbacks=['average_weights']"], "the state of callback 0 AverageWeights; found none"),
        (
            ["optimizer.schedule='reduce_on_plateau'"],
            "the state of progress, schedule; found progress",
        ),
        (
            ["optimizer.groups=[{parameters=['dense_2.*'], rate=2.0}]"],
            "arrays in the order dense_2",
        ),
    ],
)
def test_the_state_of_another_run_is_refused_and_nothing_is_changed(
    overrides: list[str], reason: str, tmp_path: Path
) -> None:
    write_state(tmp_path / "state", stored())
    plan = plan_network(spec_of(PLAIN, *overrides))
    network = Network(plan)
    before = bits(network.arrays)
    trainer = Trainer(network, load_data(plan))
    trainer.resume(tmp_path / "state")
    with pytest.raises(DataError, match=f"state: .*{reason}"):
        trainer.train()
    if "callbacks" not in overrides[0]:
        assert bits(network.arrays) == before
