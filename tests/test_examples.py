"""The plugins that the documentation shows keep their contracts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from docs.examples.plugins.center import CenterConfig
from docs.examples.plugins.checks import keep_their_contracts
from docs.examples.plugins.error_by_class import ErrorByClassConfig
from docs.examples.plugins.fixed_width import FixedWidthConfig
from docs.examples.plugins.gated import GatedConfig
from docs.examples.plugins.normalized_descent import NormalizedDescentConfig
from docs.examples.plugins.orthogonal_penalty import OrthogonalPenaltyConfig
from docs.examples.plugins.renamed import ScaledTanhConfig
from docs.examples.plugins.rescale import RescaleConfig
from docs.examples.plugins.slowest_epoch import SlowestEpochConfig, StopAtLoss
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.tanh import TanhConfig
from layerkit.contracts.dataset import ClassTarget
from layerkit.contracts.layer import LayerConfig
from layerkit.engine.training import train
from layerkit.errors import DataError
from layerkit.testing import (
    check_dataset,
    check_layer,
    check_metric,
    check_optimizer,
    check_regularizer,
)
from tests.helpers.specs import small_spec

DENSE = DenseConfig(units=3)


@pytest.mark.parametrize(
    "config",
    [
        CenterConfig(),
        GatedConfig(layers=(DENSE, TanhConfig()), gate=(DENSE,)),
        ScaledTanhConfig(),
        RescaleConfig(factors=(1.0, -2.0, 0.5)),
    ],
    ids=lambda config: config.display_name,
)
def test_an_example_of_a_layer_keeps_its_contract(config: LayerConfig) -> None:
    check_layer(config, input_shape=(3,))


def test_the_example_of_an_optimizer_keeps_its_contract() -> None:
    check_optimizer(NormalizedDescentConfig(learning_rate=0.01))


def test_the_example_of_a_penalty_keeps_its_contract() -> None:
    check_regularizer(OrthogonalPenaltyConfig(strength=0.5))


def test_the_example_of_a_metric_keeps_its_contract() -> None:
    check_metric(ErrorByClassConfig(), output_shape=(3,), target=ClassTarget(3))


def test_the_example_of_a_callback_remembers_an_epoch() -> None:
    callback = SlowestEpochConfig().build()
    history = train(small_spec(), [callback]).history
    slowest = max(history, key=lambda epoch: epoch.seconds)
    state = callback.state()
    assert state is not None
    assert vars(state) == {"epoch": slowest.epoch, "seconds": slowest.seconds}


def test_the_example_of_a_callback_from_python_stops_training() -> None:
    result = train(small_spec("training.epochs=50"), [StopAtLoss(0.2)])
    assert result.stopped_early
    assert result.history[-1].train["loss"] < 0.2


def test_the_example_of_a_table_reads_numbers_and_names_what_is_none(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    config = FixedWidthConfig.model_validate(
        {
            "path": path,
            "widths": {"name": 6, "age": 4, "y": 2},
            "columns": {"age": "number"},
            "target": "y",
        }
    )
    path.write_text("first   39 1\nsecond 2.5-1\n")
    train = config.build().load().train
    np.testing.assert_array_equal(train.inputs, [[39], [2.5]])
    np.testing.assert_array_equal(train.targets, [[1], [-1]])
    check_dataset(config)
    path.write_text("first   39 1\nsecond n/a-1\n")
    with pytest.raises(DataError, match=r'data\.txt:2:2 column "age": .* number, found "n/a"$'):
        config.build().load()


def test_the_example_of_checks_with_arguments_passes() -> None:
    keep_their_contracts()
