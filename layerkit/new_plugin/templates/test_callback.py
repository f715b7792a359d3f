from __future__ import annotations

from collections.abc import Mapping

import layerkit as lk
from layerkit.new_plugin.templates.callback import PlaceholderConfig

SPEC: Mapping[str, object] = {
    "data": "blobs",
    "layers": [{"type": "dense", "units": 3}],
    "loss": "softmax_cross_entropy",
    "optimizer": {"type": "sgd", "learning_rate": 0.1},
    "training": {"epochs": 20, "batch_size": 50},
}


def test_training_stops_after_the_first_epoch_with_so_low_a_loss() -> None:
    config = PlaceholderConfig(loss=0.5)
    result = lk.train(SPEC, [config.build()])
    losses = [epoch.train["loss"] for epoch in result.history]
    assert result.stopped_early
    assert [loss <= 0.5 for loss in losses] == [False] * (len(losses) - 1) + [True]
    assert 1 < len(losses) < 20
