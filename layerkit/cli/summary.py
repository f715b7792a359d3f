"""``layerkit summary``: layers and memory of a spec as tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.table import Table

from layerkit.cli.describe import data_text, options, size_text
from layerkit.cli.format import byte_count, shape_text
from layerkit.cli.output import say, say_facts
from layerkit.cli.tables import new_table, show
from layerkit.contracts.layer_plan import PlannedLayer
from layerkit.engine.network import CAPACITY
from layerkit.plan.memory import Memory, estimate_memory
from layerkit.plan.network import NetworkPlan, plan_network
from layerkit.spec.loading import load_spec


def show_summary(path: Path, overrides: Iterable[str]) -> None:
    """Print all that is known of a spec before its data are read."""
    plan = plan_network(load_spec(path, overrides), str(path))
    say_facts({"spec": str(path), "network": size_text(plan), "data": data_text(plan)})
    say("")
    show(_layers(plan))
    say("")
    show(_memory(plan, estimate_memory(plan, CAPACITY, plan.threads.shards)))


def _layers(plan: NetworkPlan) -> Table:
    columns = {"layer": "total", "type": "", "options": "", "output": ""}
    total = {"parameters": f"{plan.size:,}"}
    table = new_table({**columns, **total}, right=("parameters",), wraps=("options",))
    table.add_row("data", plan.spec.data.display_name, "", shape_text(plan.info.input_shape), "")
    for depth, path, layer in _walk(plan.layers):
        table.add_row(
            f"{'  ' * depth}{path}",
            layer.config.display_name,
            options(layer.config),
            shape_text(layer.plan.output),
            _parameters(plan, path, layer),
        )
    return table


def _walk(
    layers: Iterable[PlannedLayer], start: str = "", depth: int = 0
) -> Iterator[tuple[int, str, PlannedLayer]]:
    """Yield every layer with its depth and its path, each followed by those inside it."""
    for layer in layers:
        path = f"{start}{layer.name}"
        yield depth, path, layer
        yield from _walk(layer.plan.layers, f"{path}.", depth + 1)


def _parameters(plan: NetworkPlan, path: str, layer: PlannedLayer) -> str:
    """Return how many values the layer's own parameters have, so that the rows add up.

    Nothing where all that a layer could have is in those inside it.
    """
    own = layer.plan.params
    if layer.plan.layers and not own:
        return ""
    sizes = [
        math.prod(param.shape) for name, param in own.items() if f"{path}.{name}" not in plan.ties
    ]
    return f"{sum(sizes):,}"


def _memory(plan: NetworkPlan, memory: Memory) -> Table:
    optimizer, batch_size = plan.spec.optimizer, plan.spec.training.batch_size
    slots = f" ({', '.join(optimizer.slots())})" if optimizer.slots() else ""
    batch = "the full set" if batch_size == "full" else f"batches of {batch_size}"
    total = byte_count(memory.total)
    columns = {"memory": "total", "size": total, "for": ""}
    table = new_table(columns, right=("size",), wraps=("for",))
    for name, size, purpose in (
        ("parameters", memory.parameters, plan.spec.dtype),
        ("gradients", memory.gradients, ""),
        ("optimizer", memory.optimizer, optimizer.display_name + slots),
        ("copies", memory.copies, "kept by callbacks"),
        ("layer state", memory.state, ""),
        ("activations", memory.activations, f"{batch}, estimated"),
        ("data", memory.data, plan.spec.data.display_name),
    ):
        if size is None:
            table.add_row(name, "unknown", "until the data are read")
        elif size:
            table.add_row(name, byte_count(size), purpose)
    return table
