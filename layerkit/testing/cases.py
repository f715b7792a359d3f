"""Cases for `layerkit.testing.suite`: a function for every kind of component.

``cases.layer("conv2d", input_shape=(6, 5, 2))`` takes the arguments of ``check_layer``, and so on.
"""

from layerkit.testing.callback import case_of_callback as callback
from layerkit.testing.constraint import case_of_constraint as constraint
from layerkit.testing.dataset import case_of_dataset as dataset
from layerkit.testing.gradient_transform import case_of_gradient_transform as gradient_transform
from layerkit.testing.initializer import case_of_initializer as initializer
from layerkit.testing.layer import case_of_layer as layer
from layerkit.testing.loss import case_of_loss as loss
from layerkit.testing.metric import case_of_metric as metric
from layerkit.testing.optimizer import case_of_optimizer as optimizer
from layerkit.testing.regularizer import case_of_regularizer as regularizer
from layerkit.testing.schedule import case_of_schedule as schedule

__all__ = [
    "callback",
    "constraint",
    "dataset",
    "gradient_transform",
    "initializer",
    "layer",
    "loss",
    "metric",
    "optimizer",
    "regularizer",
    "schedule",
]
