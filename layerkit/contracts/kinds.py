"""Every kind of component."""

from __future__ import annotations

from layerkit.component import Config, Kind
from layerkit.contracts.callback import CALLBACKS
from layerkit.contracts.constraint import CONSTRAINTS
from layerkit.contracts.dataset import DATASETS
from layerkit.contracts.gradient_transform import GRADIENT_TRANSFORMS
from layerkit.contracts.initializer import INITIALIZERS
from layerkit.contracts.layer import LAYERS
from layerkit.contracts.loss import LOSSES
from layerkit.contracts.metric import METRICS
from layerkit.contracts.optimizer import OPTIMIZERS
from layerkit.contracts.regularizer import REGULARIZERS
from layerkit.contracts.schedule import SCHEDULES

KINDS: tuple[Kind[Config], ...] = (
    LAYERS,
    LOSSES,
    REGULARIZERS,
    GRADIENT_TRANSFORMS,
    CONSTRAINTS,
    OPTIMIZERS,
    SCHEDULES,
    INITIALIZERS,
    DATASETS,
    METRICS,
    CALLBACKS,
)
