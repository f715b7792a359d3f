"""What a plugin implements: one module per kind of component, all names here."""

from layerkit.component import Config, Kind
from layerkit.contracts.activation import Activation, ActivationConfig
from layerkit.contracts.blocks import Block
from layerkit.contracts.callback import (
    CALLBACKS,
    AnyCallback,
    Callback,
    CallbackConfig,
    EpochEnded,
    StepEnded,
    TrainingEnded,
    TrainingStarted,
)
from layerkit.contracts.dataset import (
    DATASETS,
    AnyDataset,
    ClassTarget,
    DataInfo,
    DataPath,
    Dataset,
    DatasetConfig,
    Examples,
    Splits,
    Target,
    VectorTarget,
)
from layerkit.contracts.initializer import (
    INITIALIZERS,
    AnyInitializer,
    Fan,
    Initializer,
    InitializerConfig,
)
from layerkit.contracts.layer import (
    LAYERS,
    AnyLayer,
    Layer,
    LayerConfig,
    Parameter,
    ParamSpec,
    Place,
    Plan,
    StateSpec,
)
from layerkit.contracts.loss import LOSSES, AnyLoss, Loss, LossConfig
from layerkit.contracts.metric import METRICS, AnyMetric, Metric, MetricConfig
from layerkit.contracts.optimizer import (
    OPTIMIZERS,
    AnyOptimizer,
    ElementwiseOptimizer,
    Optimizer,
    OptimizerConfig,
)
from layerkit.contracts.outputs import OutputPlace, check_one_output_per_class
from layerkit.contracts.regularizer import (
    REGULARIZERS,
    AnyRegularizer,
    ElementwiseRegularizer,
    Regularizer,
    RegularizerConfig,
)
from layerkit.contracts.schedule import (
    SCHEDULES,
    AnySchedule,
    Schedule,
    ScheduleConfig,
    Timetable,
)

KINDS: tuple[Kind[Config], ...] = (
    LAYERS,
    LOSSES,
    REGULARIZERS,
    OPTIMIZERS,
    SCHEDULES,
    INITIALIZERS,
    DATASETS,
    METRICS,
    CALLBACKS,
)
"""Every kind of component."""

__all__ = [
    "CALLBACKS",
    "DATASETS",
    "INITIALIZERS",
    "KINDS",
    "LAYERS",
    "LOSSES",
    "METRICS",
    "OPTIMIZERS",
    "REGULARIZERS",
    "SCHEDULES",
    "Activation",
    "ActivationConfig",
    "AnyCallback",
    "AnyDataset",
    "AnyInitializer",
    "AnyLayer",
    "AnyLoss",
    "AnyMetric",
    "AnyOptimizer",
    "AnyRegularizer",
    "AnySchedule",
    "Block",
    "Callback",
    "CallbackConfig",
    "ClassTarget",
    "DataInfo",
    "DataPath",
    "Dataset",
    "DatasetConfig",
    "ElementwiseOptimizer",
    "ElementwiseRegularizer",
    "EpochEnded",
    "Examples",
    "Fan",
    "Initializer",
    "InitializerConfig",
    "Layer",
    "LayerConfig",
    "Loss",
    "LossConfig",
    "Metric",
    "MetricConfig",
    "Optimizer",
    "OptimizerConfig",
    "OutputPlace",
    "ParamSpec",
    "Parameter",
    "Place",
    "Plan",
    "Regularizer",
    "RegularizerConfig",
    "Schedule",
    "ScheduleConfig",
    "Splits",
    "StateSpec",
    "StepEnded",
    "Target",
    "Timetable",
    "TrainingEnded",
    "TrainingStarted",
    "VectorTarget",
    "check_one_output_per_class",
]
