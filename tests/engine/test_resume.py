from __future__ import annotations

import dataclasses
import functools
import json
import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, final

import numpy as np
import pytest

from layerkit.arrays import Array
from layerkit.contracts.callback import Callback, Run
from layerkit.contracts.events import (
    EpochEnded,
    EpochStarted,
    GradientReady,
    StepEnded,
    TrainingEnded,
    TrainingStarted,
    ValidationStarted,
)
from layerkit.contracts.gradient_transform import GradientTransform, GradientTransformConfig
from layerkit.engine.checkpoint import TrainingState, read_state, write_state
from layerkit.engine.data import load_data
from layerkit.engine.network import Network
from layerkit.engine.trainer import Trainer
from layerkit.engine.workers import threads_for
from layerkit.errors import DataError, FileError, LayerkitError
from layerkit.formats.weights import save_arrays
from layerkit.plan.network import plan_network
from layerkit.spec.models import ModelSpec
from layerkit.state import State
from tests.helpers.specs import small_spec

PLAIN = """
seed = 3
metrics = ["accuracy"]
layers = [{type = "dense", units = 6}, "tanh", "dropout", {type = "dense", units = 3}]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 30, test_per_class = 0, validation = 12}
optimizer = {type = "sgd", learning_rate = 0.1, momentum = 0.9}
training = {epochs = 4, batch_size = 8, threads = 1}
"""
"""78 training examples: 10 steps an epoch, the last of them with 6."""

FULL = """
seed = 3
metrics = ["accuracy"]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 30, test_per_class = 0, validation = 12, spread = 1.0}
gradient_transforms = [{type = "clip_by_norm", max_norm = 0.5}]
constraints = [{type = "max_norm", limit = 1.0}]
regularizers = [{type = "l2", strength = 1e-3}]
layers = [
    {type = "dense", units = 6, name = "entry"},
    {type = "residual", layers = [
        {type = "dense", units = 6}, "batch_norm", "tanh", {type = "dropout", rate = 0.3},
    ]},
    {type = "dense", units = 3},
]
callbacks = [{type = "average_weights", decay = 0.9, start_epoch = 2}, "gradient_norms"]

[optimizer]
type = "adamw"
learning_rate = 0.02
weight_decay = 0.1
groups = [{parameters = ["entry.*"], rate = 0.5}, {parameters = ["dense_2.weight"], decay = 2.0}]

[optimizer.schedule]
type = "warmup"
steps = 15
schedule = {type = "reduce_on_plateau", factor = 0.5, patience = 1, min_delta = 0.08}

[training]
epochs = 4
batch_size = 8
threads = 1
early_stopping = {patience = 4}
"""

SHORT = "training.epochs=2"
VARIANTS: dict[str, tuple[str, ...]] = {
    "plain": (PLAIN,),
    "adam, rates and a falling rate": (
        PLAIN,
        "optimizer={type='adam', groups=[{parameters=['dense_1.*'], rate=0.0}]}",
        "optimizer.schedule={type='inverse_time', decay=0.1}",
        SHORT,
    ),
    "lbfgs": (PLAIN, "optimizer={type='lbfgs'}", SHORT),
    "all at once": (FULL,),
    "all at once, stopped early": (FULL, "training.early_stopping={patience=1, min_delta=9.0}"),
    "all at once in float64": (FULL, "dtype=float64", SHORT),
    "two shards": (PLAIN, "training.threads=2", SHORT),
    "all at once in two shards": (FULL, "training.threads=2"),
}


def spec_of(text: str, *overrides: str) -> ModelSpec:
    return small_spec(*overrides, text=text)


@final
class Saver(Callback):
    """Saves the run at every event."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._run: Run | None = None
        self.paths: list[Path] = []

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run
        self._save("training_started")

    def epoch_started(self, event: EpochStarted) -> None:
        self._save(f"epoch_started_{event.epoch}")

    def gradient_ready(self, event: GradientReady) -> None:
        self._save(f"gradient_ready_{event.step}")

    def step_ended(self, event: StepEnded) -> None:
        self._save(f"step_ended_{event.step}")

    def validation_started(self, event: ValidationStarted) -> None:
        self._save(f"validation_started_{event.epoch}")

    def epoch_ended(self, event: EpochEnded) -> None:
        self._save(f"epoch_ended_{event.epoch}")

    def training_ended(self, event: TrainingEnded) -> None:
        self._save("training_ended")

    def _save(self, name: str) -> None:
        assert self._run is not None
        self.paths.append(self._directory / name)
        self._run.save(self.paths[-1])


@final
class Ending(Callback):
    """Saves the run at its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._run: Run | None = None

    def training_started(self, event: TrainingStarted, run: Run) -> None:
        self._run = run

    def training_ended(self, event: TrainingEnded) -> None:
        assert self._run is not None
        self._run.save(self._path)


def train(
    spec: ModelSpec, callbacks: Sequence[Callback] = (), resumed: Path | None = None
) -> Network:
    plan = plan_network(spec)
    network = Network(plan)
    with threads_for(plan.threads) as workers:
        trainer = Trainer(network, load_data(plan), callbacks, workers)
        if resumed is not None:
            trainer.resume(resumed)
        trainer.train()
    return network


def without_times(history: Sequence[EpochEnded]) -> list[EpochEnded]:
    return [dataclasses.replace(each, seconds=0.0, examples_per_second=0.0) for each in history]


def bits(arrays: Mapping[str, Array]) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in arrays.items()}


def expect_same_end(expected: TrainingState, found: TrainingState) -> None:
    """Compare parameters, layers' state, slots, what components remember, and history."""
    assert bits(found.arrays) == bits(expected.arrays)
    assert found.numbers == expected.numbers
    assert without_times(found.history) == without_times(expected.history)


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
        "layers.1.layers.3.rate=0.0",
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
    def __init__(self, config: FadesConfig) -> None:
        super().__init__(config)
        self._seen = _Seen()

    def state(self) -> State:
        return self._seen

    def apply(self, gradients: Sequence[Array]) -> None:
        self._seen.steps += 1
        for gradient in gradients:
            np.divide(gradient, self._seen.steps, out=gradient)


def test_what_a_gradient_transform_remembers_is_saved(tmp_path: Path) -> None:
    spec = spec_of(PLAIN).model_copy(update={"gradient_transforms": (FadesConfig(),)})
    at_once = train(spec, [Saver(tmp_path)])
    resumed = train(spec, resumed=tmp_path / "step_ended_17")
    assert bits(resumed.arrays) == bits(at_once.arrays)


@functools.cache
def stored() -> TrainingState:
    """Return the state of the plain run in the middle of an epoch."""
    with TemporaryDirectory() as directory:
        train(spec_of(PLAIN), [Saver(Path(directory))])
        return read_state(Path(directory) / "step_ended_15")


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


def test_what_is_written_is_read_again_with_numbers_that_are_not_finite(tmp_path: Path) -> None:
    state = stored()
    odd = np.array([math.inf, -math.inf, math.nan, -0.0, 1e-45], np.float32)
    epoch = EpochEnded(
        1, 10, math.inf, {"loss": math.nan, "penalty": 0.1}, {"loss": -math.inf}, 0.5, 9.0
    )
    numbers = {**state.numbers, "schedule": {"best": "-inf", "inner": {"count": 3}}}
    arrays = {**state.arrays, "schedule/odd": odd, "schedule/none": np.zeros((0, 3))}
    changed = dataclasses.replace(state, arrays=arrays, numbers=numbers, history=[epoch])
    write_state(tmp_path / "state", changed)
    found = read_state(tmp_path / "state")
    assert bits(found.arrays) == bits(arrays)
    assert found.numbers == numbers
    assert repr(found.history) == repr([epoch])
    assert (found.layout, found.run) == (state.layout, state.run)
    assert found.source == str(tmp_path / "state")


def small_file(path: Path) -> bytes:
    state = dataclasses.replace(
        stored(), arrays={"parameters": np.arange(3.0)}, history=[], layout=["w (3,)"], run={}
    )
    write_state(path, state)
    return path.read_bytes()


def damaged(content: bytes) -> Iterator[bytes]:
    for index in range(len(content)):
        for change in (1, 0x20, 0x80, 0xFF):
            yield content[:index] + bytes([content[index] ^ change]) + content[index + 1 :]
    for size in range(len(content)):
        yield content[:size]
    yield content + b"\0"
    yield struct.pack("<Q", 2**63) + content[8:]


def test_damage_is_found_wherever_it_is(tmp_path: Path) -> None:
    path = tmp_path / "state"
    for content in damaged(small_file(path)):
        path.write_bytes(content)
        with pytest.raises(DataError, match=f"^{path}: "):
            read_state(path)


@pytest.mark.parametrize(
    "note",
    ["", "{}", "null", "[1]", "{", '{"numbers": {}, "history": [{}], "layout": [], "run": {}}'],
)
def test_a_file_of_other_arrays_is_refused(note: str, tmp_path: Path) -> None:
    save_arrays(tmp_path / "weights", {"a": np.zeros(2)}, note)
    with pytest.raises(DataError, match="weights: expected"):
        read_state(tmp_path / "weights")


def test_files_that_cannot_be_read_or_written_are_file_errors(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        read_state(tmp_path / "absent")
    with pytest.raises(FileError):
        write_state(tmp_path / "absent" / "state", stored())
    with pytest.raises(LayerkitError, match="absent"):
        train(spec_of(PLAIN), [Ending(tmp_path / "absent" / "state")])


def test_the_note_is_json_that_others_can_read(tmp_path: Path) -> None:
    write_state(tmp_path / "state", stored())
    content = (tmp_path / "state").read_bytes()
    size = int.from_bytes(content[:8], "little")
    note = json.loads(content[8 : 8 + size])["__metadata__"]["layerkit"]

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    parsed = json.loads(note[64:], parse_constant=refuse)
    assert sorted(parsed) == ["history", "layout", "numbers", "run"]
