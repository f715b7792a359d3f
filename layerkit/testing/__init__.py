"""Checks of plugins, for their tests.

``suite`` makes a pytest case of every check of every component that a distribution registers. There
is also a function per kind of component, such as ``check_layer``. It takes the component as a name
(``"tanh"``), a table of a spec or a config, and raises an AssertionError that begins with the name
of the check that failed. For tests of a plugin's own, ``build_layer`` and its like build a
component alone, with the context that the engine would give.
"""

from layerkit.testing import cases
from layerkit.testing.build import (
    build_gradient_transform,
    build_layer,
    build_loss,
    build_metric,
    build_optimizer,
)
from layerkit.testing.callback import check_callback
from layerkit.testing.constraint import check_constraint
from layerkit.testing.curve import curve
from layerkit.testing.dataset import check_dataset
from layerkit.testing.gradient_transform import check_gradient_transform
from layerkit.testing.initializer import check_initializer
from layerkit.testing.layer import check_layer
from layerkit.testing.loss import check_loss
from layerkit.testing.metric import check_metric
from layerkit.testing.optimizer import check_optimizer
from layerkit.testing.regularizer import check_regularizer
from layerkit.testing.resume import check_resume
from layerkit.testing.schedule import check_schedule
from layerkit.testing.suite import suite

__all__ = [
    "build_gradient_transform",
    "build_layer",
    "build_loss",
    "build_metric",
    "build_optimizer",
    "cases",
    "check_callback",
    "check_constraint",
    "check_dataset",
    "check_gradient_transform",
    "check_initializer",
    "check_layer",
    "check_loss",
    "check_metric",
    "check_optimizer",
    "check_regularizer",
    "check_resume",
    "check_schedule",
    "curve",
    "suite",
]
