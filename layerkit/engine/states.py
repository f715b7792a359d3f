"""The state of everything that takes part in a run, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from layerkit.component import Component, Config
from layerkit.contracts.callback import Callback
from layerkit.contracts.optimizer import Optimizer, OptimizerConfig
from layerkit.contracts.schedule import Schedule, ScheduleConfig
from layerkit.engine.checkpoint import CALLBACK
from layerkit.engine.update import ParameterUpdate
from layerkit.guard import fault, shown
from layerkit.state import State, strange_field
from layerkit.values import is_sequence, unchecked


def schedules_of(optimizer: Optimizer[OptimizerConfig]) -> Sequence[Schedule[ScheduleConfig]]:
    """Return an optimizer's own schedules.

    Raises
    ------
    PluginError
        If it returns anything else.
    """
    found = unchecked(optimizer.schedules())
    if not (is_sequence(found) and all(isinstance(each, Schedule) for each in found)):
        reason = f"expected 'schedules' to return a list of schedules, found {shown(found)}"
        raise fault(optimizer, reason)
    return optimizer.schedules()


def component_states(
    schedule: Schedule[ScheduleConfig], update: ParameterUpdate
) -> dict[str, State]:
    """Return the states of every component but callbacks."""
    schedules = {
        f"optimizer schedule {i}": each for i, each in enumerate(schedules_of(update.optimizer))
    }
    return _states_of({"schedule": schedule, **schedules, **update.components()})


def schedule_states(schedules: Mapping[str, Schedule[ScheduleConfig]]) -> dict[str, State]:
    """Return the states of schedules of layers, given by the path of what they change."""
    return _states_of({f"schedule of {path}": each for path, each in schedules.items()})


def callback_states(callbacks: Sequence[Callback]) -> dict[str, State]:
    """Return the states of callbacks, by their number and class."""
    return _states_of(
        {f"{CALLBACK}{number} {type(each).__name__}": each for number, each in enumerate(callbacks)}
    )


def _states_of(components: Mapping[str, Component[Config] | Callback]) -> dict[str, State]:
    states: dict[str, State] = {}
    for name, component in components.items():
        found: object = component.state()
        if isinstance(found, State):
            if strange := strange_field(found):
                raise fault(component, f"its state: {strange}")
            states[name] = found
        elif found is not None:
            raise fault(component, f"expected 'state' to return a State, found {shown(found)}")
    return states
