"""The layers of a planned network, built for batches; and what losses are built with."""

from __future__ import annotations

from layerkit.contracts.chain import Chain
from layerkit.contracts.layer_context import LayerContext, LayerMemory
from layerkit.contracts.layer_schedules import LayerSchedules
from layerkit.contracts.output import OutputContext
from layerkit.engine.storage import Storage
from layerkit.plan.network import NetworkPlan
from layerkit.randomness import StepRandom

CAPACITY = 512
"""Examples that are evaluated or predicted at a time."""


def build_chain(
    plan: NetworkPlan,
    storage: Storage,
    capacity: int,
    random: StepRandom | None = None,
    schedules: LayerSchedules | None = None,
) -> Chain:
    """Return the layers of a network, built for batches of one capacity.

    Several chains can share one storage: one trains, another evaluates in larger batches.

    Parameters
    ----------
    plan, storage
        The network.
    capacity
        The most examples that a batch will have.
    random
        The generators of the layers, for a chain that trains; without, it only evaluates.
    schedules
        The numbers of layers that change over the run; without, none does.
    """
    trained = frozenset(
        path
        for path, _ in plan.chain.all_params()
        if plan.groups[plan.ties[path].shares if path in plan.ties else path].rate > 0
    )
    memory = LayerMemory(
        params=storage.params,
        state=storage.state,
        trainable=trained,
        capacity=capacity,
        dtype=plan.dtype,
        trains=random is not None,
        random=random or StepRandom(plan.spec.seed),
        kernels=plan.kernels,
        schedules=schedules,
    )
    context = LayerContext(
        path="",
        input_shape=plan.info.input_shape,
        plan=plan.chain,
        params={},
        state={},
        input_grad=None,
        mask=None,
        memory=memory,
    )
    return Chain(context, plan.layers, input_grad=None)


def output_context(plan: NetworkPlan, capacity: int) -> OutputContext:
    """Return what losses and metrics are built with."""
    return OutputContext(
        plan.output_shape, plan.info.target, plan.loss, capacity, plan.dtype, plan.kernels
    )
