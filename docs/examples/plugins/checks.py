"""What checks take beside the component."""

from __future__ import annotations

from layerkit.plugin import ClassTarget
from layerkit.testing import check_layer, check_loss, check_metric, check_optimizer


def keep_their_contracts() -> None:
    """Check a component of each of four kinds."""
    check_layer({"type": "residual", "layers": ["tanh"]}, input_shape=(7,))
    check_loss("softmax_cross_entropy", output_shape=(3,), target=ClassTarget(3))
    check_metric({"type": "top_k", "k": 2}, output_shape=(3,), target=ClassTarget(3))
    check_optimizer({"type": "sgd", "learning_rate": 0.1})
