from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike

from layerkit.arrays import Array
from layerkit.contracts.dataset import ClassTarget, Examples, Splits, Target, VectorTarget
from layerkit.engine.in_memory import ArraysGiven, in_memory, prepare
from layerkit.engine.starting import build
from layerkit.engine.trainer import Trainer
from layerkit.engine.training import train
from layerkit.errors import DataError, UsageError
from layerkit.plan.network import plan_network
from layerkit.runs.run import load, run
from layerkit.spec.diagnostics import SpecError

X: Array = np.random.default_rng(0).normal(size=(40, 2))
Y = np.arange(40) % 2
NAMES = np.array(["no", "yes"])[Y]


def table(units: int = 2, loss: str = "softmax_cross_entropy", **more: object) -> dict[str, object]:
    return {
        "layers": [{"type": "dense", "units": units}],
        "loss": loss,
        "optimizer": "adam",
        "training": {"epochs": 2, "batch_size": 10},
        **more,
    }


NUMBERS = table(1, "mean_squared_error")
LOGIT = table(1, "binary_cross_entropy")


@pytest.mark.parametrize(
    ("spec", "targets", "target"),
    [
        (table(), Y, ClassTarget(2)),
        (table(), Y.astype(np.uint8), ClassTarget(2)),
        (table(), Y.tolist(), ClassTarget(2)),
        (table(), Y == 1, ClassTarget(2)),
        (LOGIT, np.ones(40, np.bool_), ClassTarget(2)),
        (table(), NAMES, ClassTarget(2, ("no", "yes"))),
        (table(), NAMES.astype(object), ClassTarget(2, ("no", "yes"))),
        (NUMBERS, X[:, 0], VectorTarget((1,))),
        (NUMBERS, X[:, :1].astype(np.float32), VectorTarget((1,))),
        (table(2, "mean_squared_error"), X.tolist(), VectorTarget((2,))),
        (LOGIT, Y.astype(np.float16), VectorTarget((1,))),
    ],
)
def test_targets_are_classes_or_numbers(
    spec: dict[str, object], targets: ArrayLike, target: Target
) -> None:
    result = train(spec, data=(X, targets), test=(X, targets))
    assert result.network.plan.info.target == target
    assert np.isfinite(result.test["loss"])


def test_arrays_train_as_a_dataset_of_the_same_examples_does() -> None:
    result = train(table(metrics=["accuracy"]), data=(X, NAMES), validation=0.25, test=(X, NAMES))
    plan = result.network.plan
    assert (plan.train_examples, plan.validation_examples) == (30, 10)
    network = build(plan)
    Trainer(network, Splits(Examples(X, Y))).train()
    for path, parameter in network.parameters.items():
        np.testing.assert_array_equal(result.network.parameters[path], parameter)
    assert len(result.history) == 2
    assert set(result.history[0].validation) == set(result.test) == {"loss", "accuracy"}


def test_inputs_are_not_copied() -> None:
    _, splits = prepare(table(), (X, Y), (X, Y), (X, Y))
    assert splits is not None
    assert splits.train.inputs is X
    assert splits.validation is not None
    assert splits.validation.inputs is X


def test_validation_is_what_the_spec_says_unless_it_is_passed() -> None:
    spec = table(data={"type": "arrays", "validation": 10})
    assert prepare(spec, (X, Y))[0].validation_examples == 10
    assert prepare(spec, (X, Y), 0.5)[0].validation_examples == 20
    assert prepare(spec, (X, Y), 0)[0].validation_examples == 0
    plan = prepare(spec, (X, Y), (X[:4], Y[:4]))[0]
    assert (plan.train_examples, plan.validation_examples) == (40, 4)


def test_arrays_stand_in_for_the_data_of_a_spec_or_of_its_plan() -> None:
    spec = table(data="blobs", layers=[{"type": "dense", "units": 3}])
    x, y = np.zeros((40, 5)), np.arange(40) % 3
    for given in (spec, plan_network(spec)):
        plan = prepare(given, (x, y))[0]
        assert plan.info.input_shape == (5,)
        assert plan.spec.data.type_name() == "arrays"
    assert build(spec, data=(x, y)).parameters["dense_1.weight"].shape == (5, 3)


def test_weights_count_examples() -> None:
    _, splits = prepare(table(), (X, Y, [1] * 39 + [0]))
    assert splits is not None
    assert splits.train.weights is not None
    assert splits.train.weights.sum() == 39


def test_bytes_are_scaled_and_other_inputs_are_not() -> None:
    pixels = np.full((40, 2), 255, np.uint8)
    for inputs, scale in ((pixels, 1 / 255), (pixels.astype(int), 1.0), (X > 0, 1.0)):
        assert build(table(), data=(inputs, Y)).plan.info.scale == scale


@pytest.mark.parametrize("dtype", [np.uint8, np.int32])
def test_whole_numbers_are_ids_where_the_first_layer_reads_ids(dtype: type[np.integer]) -> None:
    embedding = {"type": "embedding", "ids": 5, "units": 3}
    spec = table(layers=[embedding, "flatten", {"type": "dense", "units": 2}])
    ids = np.arange(80).reshape(40, 2) % 5
    info = train(spec, data=(ids.astype(dtype), Y)).network.plan.info
    assert (info.vocabulary, info.scale) == (5, 1.0)
    with pytest.raises(DataError, match=r"^data: train inputs: expected ids from 0 to 4, .*: 5$"):
        train(spec, data=(ids + 1, Y))


def test_a_run_keeps_what_is_known_of_the_arrays(tmp_path: Path) -> None:
    pixels = np.arange(80, dtype=np.uint8).reshape(40, 2)
    result = run(table(), tmp_path / "run", data=(pixels, NAMES), test=(pixels, NAMES))
    network = load(tmp_path / "run")
    assert network.plan.info == result.network.plan.info
    np.testing.assert_array_equal(network.predict(pixels), result.network.predict(pixels))


ARGMAX = "y.argmax(axis=1)"
KNOWN = "expected the classes of the train targets"
LABELS = "expected class labels like the train targets"
NUMBERING = "number them with names, y = np.unique(y, return_inverse=True)"


@pytest.mark.parametrize(
    ("spec", "targets", "message"),
    [
        (table(), np.eye(2, dtype=int)[Y], f"(pass the targets as {ARGMAX})"),
        (table(), Y[:, None], "(pass the targets as y.ravel())"),
        (table(), NAMES[:, None], "(pass the targets as y.ravel())"),
        (table(), Y * 1.0, "(pass the targets as y.astype(int))"),
        (table(), Y[:, None] * 1.0, "(pass the targets as y.ravel().astype(int))"),
        (NUMBERS, Y, "found class indices, 2 classes (pass the targets as y.astype(float))"),
        (NUMBERS, Y * 10, "(pass the targets as y.astype(float))"),
        (NUMBERS, (Y > 0).tolist(), "(pass the targets as np.asarray(y).astype(float))"),
        (table(3), Y, "found (3,) (end in a dense layer with units = 2)"),
        (NUMBERS, NAMES, "expects numbers as targets, found class indices, 2 classes"),
        (NUMBERS, Y - 1, "(pass the targets as y.astype(float))"),
    ],
)
def test_targets_that_the_loss_refuses_come_with_what_to_type(
    spec: dict[str, object], targets: ArrayLike, message: str
) -> None:
    with pytest.raises(SpecError, match=f"{re.escape(message)}$"):
        train(spec, data=(X, targets))


@pytest.mark.parametrize("spec", [table(), LOGIT])
@pytest.mark.parametrize(("labels", "found"), [(Y + 1, "1, 2"), (Y - 1, "-1, 0"), (Y * 7, "0, 7")])
def test_classes_are_numbered_from_zero(
    spec: dict[str, object], labels: ArrayLike, found: str
) -> None:
    expected = f"data: train targets: expected classes numbered from 0 to 1, .* found {found}; "
    with pytest.raises(DataError, match=f"^{expected}{re.escape(NUMBERING)}$"):
        train(spec, data=(X, labels))


BYTES = X.astype(np.uint8)
OTHERS = np.array(["maybe"] * 40)
OBJECTS = np.array([object()] * 40)


@pytest.mark.parametrize(
    ("data", "validation", "test", "message"),
    [
        ((X, Y[:3]), None, None, "train targets: expected one for each of the 40 inputs, found 3"),
        ((X[:0], Y[:0]), None, None, "expected some train examples, found none"),
        ((X[:, 0], Y), None, None, "train inputs: expected an example in each row, found an array"),
        ((3, Y), None, None, "train inputs: expected an example in each row, found an array of"),
        ((X, 3), None, None, "train targets: expected one for each of the inputs, found 3"),
        ((X, OBJECTS), None, None, "train targets: expected class labels (integers, booleans or"),
        ((NAMES[:, None], Y), None, None, "train inputs: expected numbers, found text"),
        ((X, Y, OTHERS), None, None, "train weights: expected numbers, found text"),
        ((X * np.nan, Y), None, None, "train inputs: expected finite numbers, found nan at index"),
        ((X, Y), (X[:, :1], Y), None, "validation inputs: expected examples of shape (2,), found"),
        ((X, Y), None, (BYTES, Y), "test inputs: expected an array of float64 like the train "),
        ((X, Y), None, (X, Y + 1), f"test targets: {KNOWN}, found another at index 1: 2"),
        ((X, NAMES), None, (X, OTHERS), f"test targets: {KNOWN}, found another at index 0: maybe"),
        ((X, NAMES), (X, OTHERS), None, f"validation targets: {KNOWN}, found another at index 0"),
        ((X, NAMES), None, (X, Y), f"test targets: {LABELS}, found an array of int64"),
        ((X, Y), None, (X, NAMES), f"test targets: {LABELS}, found an array of <U3"),
        ((X, Y), None, (X, X[:, 0]), f"test targets: {LABELS}, found an array of float64"),
    ],
)
def test_arrays_that_do_not_belong_together_are_told_by_part(
    data: ArraysGiven, validation: ArraysGiven | None, test: ArraysGiven | None, message: str
) -> None:
    with pytest.raises(DataError, match=f"^data: {re.escape(message)}"):
        train(table(), data=data, validation=validation, test=test)


def test_numbers_are_numbers_in_every_part() -> None:
    said = "^data: test targets: expected floating-point numbers .* int64; pass y.astype"
    with pytest.raises(DataError, match=said):
        train(NUMBERS, data=(X, X[:, 0]), test=(X, Y))


UNTYPED: dict[str, Callable[..., object]] = {"in_memory": in_memory, "train": train}
"""For calls as without types."""


@pytest.mark.parametrize("wrong", [X, (X,), (X, Y, Y, Y), {"x": X}, None, 3])
def test_what_is_no_pair_of_arrays_is_refused(wrong: object) -> None:
    said = r"expected a pair of arrays, \(inputs, targets\), or three with weights; found "
    with pytest.raises(UsageError, match=f"^data: {said}"):
        UNTYPED["in_memory"](wrong)
    if not isinstance(wrong, int | None):
        for part in ("validation", "test"):
            with pytest.raises(UsageError, match=f"^{part}: {said}"):
                UNTYPED["in_memory"]((X, Y), **{part: wrong})


@pytest.mark.parametrize("validation", [True, 1.5, -1, -0.5])
def test_validation_is_arrays_a_number_or_a_fraction(validation: float) -> None:
    for part in ("validation", "test"):
        said = f"^{part}: expected a number of examples .*, or arrays; found {validation}$"
        with pytest.raises(UsageError, match=said):
            UNTYPED["train"](table(), data=(X, Y), **{part: validation})


def test_test_examples_are_set_aside_by_number_or_as_the_spec_says() -> None:
    for test, data, expected in (
        (0.25, {}, (30, 0, 10)),
        (4, {"type": "arrays", "test": 0.5}, (36, 0, 4)),
        (None, {"type": "arrays", "test": 0.5, "validation": 3}, (17, 3, 20)),
        (None, {"type": "arrays", "fold": "1/4", "stratify": True}, (30, 0, 10)),
        ((X, Y), {"type": "arrays", "fold": "1/4"}, (40, 0, 40)),
    ):
        plan, _ = prepare(table(data=data) if data else table(), (X, Y), None, test)
        found = (plan.train_examples, plan.validation_examples, plan.test_examples)
        assert found == expected


def test_training_on_arrays_tests_on_what_was_set_aside() -> None:
    assert set(train(table(), data=(X, Y), test=0.25).test) == {"loss"}
    assert train(table(), data=(X, Y)).test == {}


def test_arrays_to_validate_or_test_on_need_others_to_train_on() -> None:
    for validation, test in ((0.5, None), (None, (X, Y))):
        with pytest.raises(UsageError, match=r"^expected data=\(inputs, targets\) beside"):
            prepare(table(data="blobs"), None, validation, test)
