from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from layerkit.builtin.blobs import Blobs, BlobsConfig
from layerkit.contracts.dataset import DATASETS, ClassTarget, Examples
from layerkit.registry import installed


def share_an_example(one: Examples, other: Examples) -> bool:
    same = one.inputs[:, np.newaxis] == other.inputs[np.newaxis]
    return bool(same.all(axis=-1).any())


def test_blobs_need_nothing_but_their_name() -> None:
    config = installed().load(DATASETS, "blobs").model_validate({"type": "blobs"})
    info = config.info()
    assert info.input_shape == (2,)
    assert info.target == ClassTarget(3)
    assert (info.train, info.test) == (600, 300)


def test_loaded_blobs_are_what_info_announces() -> None:
    config = BlobsConfig(classes=4, features=5, train_per_class=6, test_per_class=3)
    info, splits = config.info(), Blobs(config).load()
    assert splits.test is not None
    for examples, count in ((splits.train, info.train), (splits.test, info.test)):
        assert examples.inputs.shape == (count, *info.input_shape)
        assert examples.inputs.dtype == np.float32
        assert examples.inputs.itemsize == info.bytes_per_value
        assert examples.targets.shape == (count,)
        assert examples.targets.dtype == np.int64
        assert np.unique_counts(examples.targets).values.tolist() == [0, 1, 2, 3]


def test_train_and_test_share_centres_but_no_example() -> None:
    splits = Blobs(BlobsConfig(spread=0.01)).load()
    assert splits.test is not None
    train, test = splits.train, splits.test
    for label in range(3):
        of_train = train.inputs[train.targets == label]
        of_test = test.inputs[test.targets == label]
        np.testing.assert_allclose(of_train.mean(axis=0), of_test.mean(axis=0), atol=0.01)
    assert not share_an_example(train, test)


def test_spread_is_the_standard_deviation_about_the_centres() -> None:
    train = Blobs(BlobsConfig(train_per_class=20_000, spread=0.3)).load().train
    for label in range(3):
        deviation = train.inputs[train.targets == label].std(axis=0)
        np.testing.assert_allclose(deviation, 0.3, rtol=0.03)


def test_the_same_seed_gives_the_same_blobs_and_another_seed_others() -> None:
    first, again = Blobs(BlobsConfig(seed=1)).load(), Blobs(BlobsConfig(seed=1)).load()
    other = Blobs(BlobsConfig(seed=2)).load()
    np.testing.assert_array_equal(first.train.inputs, again.train.inputs)
    assert not share_an_example(first.train, other.train)


def test_no_test_examples_means_no_test_split() -> None:
    config = BlobsConfig(test_per_class=0)
    assert config.info().test == 0
    assert Blobs(config).load().test is None


@pytest.mark.parametrize(
    ("option", "value"),
    [("classes", 1), ("features", 0), ("train_per_class", 0), ("spread", -0.1), ("seed", -1)],
)
def test_an_option_out_of_range_is_refused(option: str, value: float) -> None:
    with pytest.raises(ValidationError, match=option):
        BlobsConfig.model_validate({option: value})
