"""The plan of a spec: every shape from the data to the loss, before any data are read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from layerkit.arrays import FloatType, IdRange, Shape
from layerkit.contracts.callback import CALLBACKS, CallbackConfig
from layerkit.contracts.dataset import DataInfo
from layerkit.contracts.layer import LayerConfig
from layerkit.contracts.layer_plan import LayerPlan, ParameterPlan, PlannedLayer, StatePlan
from layerkit.contracts.output import LossPlan
from layerkit.contracts.promises import check_info
from layerkit.errors import DataError, FileError, ShapeError
from layerkit.guard import component_errors, plugin_errors
from layerkit.kernels import Kernels
from layerkit.plan.causes import cause_of, option_found
from layerkit.plan.checks import (
    LOSS,
    callback_problems,
    figures_of,
    group_problems,
    loss_plan,
    metric_problems,
    monitor_problems,
    name_problems,
    path_problems,
    tie_problems,
)
from layerkit.plan.data_errors import unreadable
from layerkit.plan.following import with_activations
from layerkit.plan.inputs import InputPlan, plan_layers
from layerkit.plan.limits import limit_problems
from layerkit.plan.mends import shape_mend
from layerkit.plan.parts import part_sizes, size_problems
from layerkit.plan.patterns import GroupPlan, chosen_by, groups_of, pattern_problems
from layerkit.plan.schedules import schedule_problems
from layerkit.plan.threads import ThreadPlan, plan_threads
from layerkit.registry import installed
from layerkit.spec.diagnostics import Problem, SpecError
from layerkit.spec.loading import spec_of
from layerkit.spec.models import ModelSpec, Tie
from layerkit.spec.source import Source


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """All that is known of a network before its data are read.

    Attributes
    ----------
    spec
        What it was planned from.
    info
        What is known of the data.
    chain
        The layers, one after another.
    loss
        What the loss makes of the output.
    figures
        Every figure of evaluation, ``loss`` first; True: higher is better.
    regularized, transformed, constrained
        For every regularizer, gradient transform and constraint of the spec, the paths of its
        parameters.
    groups
        How every parameter is updated, by path.
    ids
        The inputs that layers read as ids, by their position in an example; without those of data
        that are ids themselves.
    train_examples, validation_examples, test_examples
        Numbers after some are set aside; None where only reading the data would tell.
    threads
        How the threads of this machine are used.
    kernels
        The code of inner loops, for the components built so far.
    """

    spec: ModelSpec
    info: DataInfo
    chain: LayerPlan
    loss: LossPlan
    figures: Mapping[str, bool]
    regularized: tuple[tuple[str, ...], ...]
    transformed: tuple[tuple[str, ...], ...]
    constrained: tuple[tuple[str, ...], ...]
    groups: Mapping[str, GroupPlan]
    ids: Mapping[int, IdRange]
    train_examples: int | None
    validation_examples: int | None
    test_examples: int | None
    threads: ThreadPlan
    kernels: Kernels = field(default_factory=Kernels, compare=False)

    @property
    def layers(self) -> tuple[PlannedLayer, ...]:
        """The layers in the order of the network; composites have more inside."""
        return self.chain.layers

    @property
    def output_shape(self) -> Shape:
        """Per-example shape of the network's output."""
        return self.chain.output

    @property
    def dtype(self) -> FloatType:
        """Type of all numbers of the network."""
        return np.dtype(np.float32) if self.spec.dtype == "float32" else np.dtype(np.float64)

    @property
    def size(self) -> int:
        """Number of values in all parameters; shared ones count once."""
        return sum(math.prod(param.shape) for _, param in self.params())

    @property
    def callbacks(self) -> tuple[CallbackConfig, ...]:
        """Those of the spec, then the one that ``training.early_stopping`` stands for."""
        stopping = self.spec.training.early_stopping
        if stopping is None:
            return self.spec.callbacks
        early_stopping = installed().load(CALLBACKS, "early_stopping")
        return (*self.spec.callbacks, early_stopping.model_validate(stopping.model_dump()))

    @property
    def ties(self) -> Mapping[str, Tie]:
        """The parameter that each tied parameter shares, by the path of the tied one."""
        return {tie.parameter: tie for tie in self.spec.ties}

    def params(self) -> Iterator[tuple[str, ParameterPlan]]:
        """Yield every parameter that has values of its own by its path: ``dense_1.weight``."""
        ties = self.ties
        return ((path, param) for path, param in self.chain.all_params() if path not in ties)

    def layer_at(self, path: str) -> LayerConfig:
        """Return the config of a layer by its path, such as ``residual_1.dense_1``."""
        layers, found = self.layers, None
        for name in path.split("."):
            found = next(layer for layer in layers if layer.name == name)
            layers = found.plan.layers
        if found is None:
            raise KeyError(path)
        return found.config

    def state(self) -> Iterator[tuple[str, StatePlan]]:
        """Yield every array of state by its path."""
        return self.chain.all_state()


@component_errors()
def plan_network(
    spec: ModelSpec | Mapping[str, object],
    source: str | Source = "spec",
    info: DataInfo | None = None,
) -> NetworkPlan:
    """Return the plan of a spec.

    Parameters
    ----------
    spec
        What to plan; a table is validated first.
    source
        What it was read from, or what messages call it.
    info
        What is known of the data; by default what the dataset says.

    Raises
    ------
    SpecError
        If shapes do not fit, a regularizer matches no parameter, or sizes cannot be.
    DataError, FileError
        If the headers of the spec's data files cannot be read and nothing else is wrong; it is a
        SpecError too, which says where in the spec they are named.
    PluginError
        If a component fails otherwise.
    """
    spec = as_spec(spec)
    named = [(("layers", index), layer) for index, layer in enumerate(spec.layers)]
    problems = list(name_problems(named))
    try:
        with plugin_errors(spec.data, "data"):
            known = spec.data.info() if info is None else info
            check_info(spec.data, known)
            shape, target = known.input_shape, known.target
    except (DataError, FileError) as error:
        problems += [*metric_problems(spec, {}), *monitor_problems(spec, {})]
        raise unreadable(source, spec.data, error, problems) from error
    except ShapeError as error:
        missing = Problem(("data", *error.at), "missing-key", str(error), error.hint)
        problems += [*metric_problems(spec, {}), *monitor_problems(spec, {})]
        raise SpecError(source, [missing, *problems]) from error
    chain, inputs, loss = LayerPlan(shape), InputPlan({}, ()), LossPlan(shape)
    own: dict[str, ParameterPlan] = {}
    of_metrics = figures_of(spec, target)
    problems += [*metric_problems(spec, of_metrics), *monitor_problems(spec, of_metrics)]
    figures = {
        LOSS: False,
        **{name: up for each in of_metrics.values() for name, up in each.items()},
    }
    try:
        chain, inputs = plan_layers(spec.layers, known)
    except ShapeError as error:
        problems.append(_shape_problem(spec, known, error))
    else:
        params = dict(chain.all_params())
        if not problems:
            problems += path_problems(chain)
        problems += inputs.problems
        loss, output_problems = loss_plan(spec, chain, known)
        problems += output_problems
        problems += tie_problems(spec.ties, params)
        validates = spec.data.validation != 0 or known.validation != 0
        problems += callback_problems(spec, figures, validates=validates)
        problems += schedule_problems(spec, figures, validates=validates)
        problems += group_problems(spec)
        own = {path: param for path, param in params.items() if path not in _tied(spec)}
        problems += pattern_problems(spec, own)
    sizes = part_sizes(spec.data, known)
    problems += size_problems(spec, known, sizes)
    if problems:
        order = list(ModelSpec.model_fields)
        raise SpecError(source, sorted(problems, key=lambda each: order.index(str(each.loc[0]))))
    return _within_limits(
        NetworkPlan(
            spec=spec,
            info=known,
            chain=with_activations(chain),
            loss=loss,
            figures=figures,
            regularized=chosen_by(spec.regularizers, own, decaying=True),
            transformed=chosen_by(spec.gradient_transforms, own, decaying=False),
            constrained=chosen_by(spec.constraints, own, decaying=True),
            groups=groups_of(spec.optimizer, own),
            ids=inputs.ids,
            train_examples=sizes.train,
            validation_examples=sizes.validation,
            test_examples=sizes.test,
            threads=plan_threads(spec, chain, sizes.train),
            kernels=Kernels(spec.kernels),
        ),
        source,
    )


def _shape_problem(spec: ModelSpec, known: DataInfo, error: ShapeError) -> Problem:
    """Return that a layer cannot work on its input, where its shape comes from, and what to do."""
    cause = cause_of(spec, error.origin, known.input_shape)
    at = error.at if len(error.at) <= 2 else (*error.at, *option_found(spec, error))
    return Problem(at, "shape", str(error), error.hint or shape_mend(spec, known, error.at), cause)


def _within_limits(plan: NetworkPlan, source: str | Source) -> NetworkPlan:
    problems = [*limit_problems(plan)]
    if problems:
        raise SpecError(source, problems)
    return plan


def as_plan(spec: ModelSpec | NetworkPlan | Mapping[str, object]) -> NetworkPlan:
    """Return the plan of a spec, or the plan itself where there is one already."""
    return spec if isinstance(spec, NetworkPlan) else plan_network(spec)


def as_spec(spec: ModelSpec | NetworkPlan | Mapping[str, object]) -> ModelSpec:
    """Return the spec of a plan, that in a table, or the spec itself."""
    if isinstance(spec, NetworkPlan):
        return spec.spec
    return spec if isinstance(spec, ModelSpec) else spec_of(spec)


def _tied(spec: ModelSpec) -> set[str]:
    return {tie.parameter for tie in spec.ties}
