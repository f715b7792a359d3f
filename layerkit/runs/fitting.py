"""Whether this machine can run a spec, told before anything is allocated or written."""

from __future__ import annotations

from layerkit.display.format import byte_count
from layerkit.engine.chains import CAPACITY
from layerkit.errors import UsageError
from layerkit.machine import memory_size
from layerkit.plan.memory import estimate_memory
from layerkit.plan.network import NetworkPlan
from layerkit.plan.threads import available_cores


def check_memory(plan: NetworkPlan) -> None:
    """Check that a run's memory, as predicted, is no more than this machine has.

    Raises
    ------
    UsageError
        If it is more.
    """
    predicted = estimate_memory(plan, CAPACITY, plan.threads.shards).total
    available = memory_size()
    if predicted > available:
        raise UsageError(
            f"not enough memory: expected about {byte_count(predicted)}, found a machine, or a "
            f"limit for this process, of {byte_count(available)}; 'layerkit summary' shows what "
            "takes it"
        )


def check_threads(plan: NetworkPlan) -> None:
    """Check that a spec asks for no more threads than this process may use cores.

    Raises
    ------
    UsageError
        If it does.
    """
    asked, cores = plan.spec.training.threads, available_cores()
    if isinstance(asked, int) and asked > cores:
        raise UsageError(
            f"training.threads: expected at most {cores}, the cores of this machine, found "
            f'{asked:,}; threads = "auto" takes as many as the network keeps busy'
        )
