from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.spirals import Spirals, SpiralsConfig
from layerkit.contracts.dataset import DATASETS, ClassTarget, Examples
from layerkit.registry import installed


def share_an_example(one: Examples, other: Examples) -> bool:
    same = one.inputs[:, np.newaxis] == other.inputs[np.newaxis]
    return bool(same.all(axis=-1).any())


def test_spirals_need_nothing_but_their_name() -> None:
    config = installed().load(DATASETS, "spirals").model_validate({"type": "spirals"})
    info = config.info()
    assert info.input_shape == (2,)
    assert info.target == ClassTarget(3)
    assert (info.train, info.test) == (600, 300)


def test_loaded_spirals_are_what_info_announces() -> None:
    config = SpiralsConfig(classes=2, train_per_class=6, test_per_class=3)
    info, splits = config.info(), Spirals(config).load()
    assert splits.test is not None
    for examples, count in ((splits.train, info.train), (splits.test, info.test)):
        assert examples.inputs.shape == (count, 2)
        assert examples.inputs.dtype == np.float32
        assert examples.inputs.itemsize == info.bytes_per_value
        assert examples.targets.shape == (count,)
        assert examples.targets.dtype == np.int64
        assert np.unique_counts(examples.targets).values.tolist() == [0, 1]


def test_without_noise_every_point_lies_on_its_arm() -> None:
    config = SpiralsConfig(classes=4, noise=0.0, turns=1.5)
    train = Spirals(config).load().train
    x, y = train.inputs[:, 0].astype(np.float64), train.inputs[:, 1].astype(np.float64)
    radius = np.hypot(x, y)
    turned = np.arctan2(y, x) / (2 * np.pi) - 1.5 * radius - train.targets / 4
    np.testing.assert_allclose(turned, np.round(turned), atol=1e-5)
    assert 0.1 - 1e-6 <= radius.min() < 0.15
    assert 0.95 < radius.max() <= 1 + 1e-6


def test_noise_is_the_standard_deviation_about_the_arm() -> None:
    clean = Spirals(SpiralsConfig(train_per_class=5_000, noise=0.0)).load().train
    noisy = Spirals(SpiralsConfig(train_per_class=5_000, noise=0.05)).load().train
    np.testing.assert_allclose((noisy.inputs - clean.inputs).std(axis=0), 0.05, rtol=0.03)


def test_an_example_is_of_the_class_of_its_nearest_neighbours() -> None:
    splits = Spirals(SpiralsConfig()).load()
    assert splits.test is not None
    train, test = splits.train, splits.test
    difference = test.inputs[:, np.newaxis] - train.inputs[np.newaxis]
    distance = np.hypot(difference[..., 0], difference[..., 1])
    assert not share_an_example(train, test)
    assert np.mean(train.targets[distance.argmin(axis=1)] == test.targets) > 0.95


def test_the_same_seed_gives_the_same_spirals_and_another_seed_others() -> None:
    first, again = Spirals(SpiralsConfig(seed=1)).load(), Spirals(SpiralsConfig(seed=1)).load()
    other = Spirals(SpiralsConfig(seed=2)).load()
    np.testing.assert_array_equal(first.train.inputs, again.train.inputs)
    assert not share_an_example(first.train, other.train)


def test_no_test_examples_means_no_test_split() -> None:
    config = SpiralsConfig(test_per_class=0)
    assert config.info().test == 0
    assert Spirals(config).load().test is None


@pytest.mark.parametrize(
    ("option", "value"),
    [("classes", 1), ("train_per_class", 0), ("noise", -0.1), ("turns", -1.0), ("seed", -1)],
)
def test_an_option_out_of_range_is_refused(option: str, value: float) -> None:
    with pytest.raises(ValidationError, match=option):
        SpiralsConfig.model_validate({option: value})
