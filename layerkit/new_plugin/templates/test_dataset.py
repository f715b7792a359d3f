from __future__ import annotations

import numpy as np

from layerkit.new_plugin.templates.dataset import PlaceholderConfig


def test_classes_are_the_sides_of_the_diagonal() -> None:
    config = PlaceholderConfig(examples=100)
    train = config.build().load().train
    is_above = np.diff(train.inputs).reshape(-1) > 0
    assert train.targets.tolist() == is_above.tolist()
    assert 20 < is_above.sum() < 80


def test_another_seed_draws_other_points() -> None:
    config = PlaceholderConfig(seed=1)
    other = PlaceholderConfig(seed=2)
    first, second = (each.build().load().train.inputs for each in (config, other))
    assert not np.array_equal(first, second)
