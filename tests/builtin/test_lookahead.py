from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.adam import AdamConfig
from layerkit.builtin.adamw import AdamWConfig
from layerkit.builtin.lookahead import LookaheadConfig
from layerkit.builtin.nadam import NadamConfig
from layerkit.builtin.one_cycle import OneCycleConfig
from layerkit.builtin.sgd import SgdConfig
from layerkit.contracts.optimizer import OptimizerConfig, ParameterGroup
from layerkit.plan.warnings import warnings_of
from layerkit.randomness import generator
from layerkit.testing.build import build_optimizer
from layerkit.testing.optimizer import check_optimizer
from tests.helpers.optimizers import path, scalar_path
from tests.helpers.specs import problems, small_plan

SGD = SgdConfig(learning_rate=0.1)


@pytest.mark.parametrize(
    "inner",
    ["adam", "adamw", "lamb", {"type": "sgd", "momentum": 0.5}, "nadam", "radam", "adadelta"],
)
@pytest.mark.parametrize("steps", [1, 2, 5])
def test_keeps_the_contract_of_optimizers(inner: str | dict[str, object], steps: int) -> None:
    check_optimizer(
        {"type": "lookahead", "learning_rate": 0.01, "optimizer": inner, "steps": steps}
    )


def test_lookahead_may_be_around_lookahead() -> None:
    inner = {"type": "lookahead", "optimizer": "adam"}
    check_optimizer({"type": "lookahead", "learning_rate": 0.01, "optimizer": inner})


def test_every_few_steps_the_weights_go_back_to_slow_ones_that_follow_them() -> None:
    config = LookaheadConfig(learning_rate=0.1, optimizer=SGD, steps=2, alpha=0.25)
    # from 1: 0.9, then 0.8, a quarter of the way from 1; likewise from there
    found = scalar_path(config, 1.0, 1.0, 1.0, 1.0, 1.0, start=1.0)
    assert found == pytest.approx([0.9, 0.95, 0.85, 0.9, 0.8], abs=1e-15)


@pytest.mark.parametrize(
    "inner",
    [AdamConfig(), SgdConfig(learning_rate=1e-3, momentum=0.9), AdamWConfig(weight_decay=0.1)],
)
def test_follows_the_algorithm_of_the_paper_for_200_steps(inner: OptimizerConfig) -> None:
    rng = generator(0, "lookahead")
    start, gradients = rng.normal(size=7), rng.normal(size=(200, 7))
    config = LookaheadConfig(learning_rate=1e-3, optimizer=inner, steps=6, alpha=0.8)
    optimizer, span = build_optimizer(inner, start.copy())
    phi, expected = start.copy(), np.zeros_like(gradients)
    for step, gradient in enumerate(gradients, start=1):
        span.grad[...] = gradient
        optimizer.update(span, 1e-3, step)
        if step % 6 == 0:
            phi = phi + 0.8 * (span.value - phi)
            span.value[...] = phi
        expected[step - 1] = span.value
    np.testing.assert_allclose(path(config, start, gradients), expected, rtol=1e-12, atol=1e-14)


def test_the_learning_rate_is_said_once() -> None:
    for inner in ("nadam", {"type": "nadam"}, NadamConfig()):
        config = LookaheadConfig.model_validate({"learning_rate": 0.5, "optimizer": inner})
        assert config.optimizer == NadamConfig(learning_rate=0.5)
        assert LookaheadConfig.model_validate(config.model_dump()) == config


def test_state_has_the_slots_of_both() -> None:
    config = LookaheadConfig(learning_rate=0.1, optimizer=AdamConfig())
    assert config.slots() == ("slow", "inner_gradient_sum", "inner_square_sum")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"optimizer": "lbfgs"}, "an optimizer of single parameters, found lbfgs"),
        (
            {"optimizer": AdamConfig(learning_rate=0.2)},
            r"one learning rate, found 0\.1 and 0\.2 of adam",
        ),
        ({"optimizer": {"type": "adam", "schedule": "one_cycle"}}, "schedule and groups beside"),
        (
            {"optimizer": {"type": "adam", "groups": [{"parameters": ["*.bias"], "rate": 0.5}]}},
            "schedule and groups beside",
        ),
        (
            {"optimizer": "adam", "groups": [{"parameters": ["*.bias"], "decay": 1.0}]},
            "groups expects no decay, as adam has no weight decay",
        ),
        ({"optimizer": "adam", "alpha": 0.0}, "alpha"),
        ({"optimizer": "adam", "steps": 0}, "steps"),
    ],
)
def test_refuses_what_does_not_fit(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        LookaheadConfig.model_validate({"learning_rate": 0.1, **options})


def test_groups_and_schedule_are_its_own() -> None:
    group = ParameterGroup(parameters=("*.bias",), decay=0.5)
    config = LookaheadConfig(
        learning_rate=0.1, optimizer=AdamWConfig(), schedule=OneCycleConfig(), groups=(group,)
    )
    assert config.groups == (group,)


def test_what_the_other_optimizer_needs_of_the_run_is_checked() -> None:
    around = 'optimizer = {{type = "lookahead", learning_rate = 0.1, optimizer = {}}}'.format
    assert problems(around('"rprop"')) == [
        'training.batch_size: expected "full", found 16 '
        "(rprop compares the gradients of all examples at once)"
    ]
    plateau = '{type = "reduce_on_plateau", monitor = "speed"}'
    sgd = f'{{type = "sgd", momentum = 0.9, momentum_schedule = {plateau}}}'
    assert problems(around(sgd)) == [
        "optimizer.optimizer.momentum_schedule.monitor: expected one of loss, accuracy; "
        "found 'speed'"
    ]
    small_plan(around('"rprop"'), 'training.batch_size = "full"')


def test_a_penalty_goes_through_the_adaptive_steps_of_the_other_optimizer() -> None:
    around = 'optimizer = {{type = "lookahead", learning_rate = 0.1, optimizer = "{}"}}'.format
    codes = {
        inner: [warning.code for warning in warnings_of(small_plan(around(inner)))]
        for inner in ("radam", "sgd")
    }
    assert "penalty-in-adaptive-steps" in codes["radam"]
    assert "penalty-in-adaptive-steps" not in codes["sgd"]
