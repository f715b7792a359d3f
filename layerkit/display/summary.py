"""The summary of a planned network: its layers and its memory."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.table import Table

from layerkit.contracts.layer_plan import PlannedLayer
from layerkit.display.describe import data_text, options, size_text
from layerkit.display.format import byte_count, shape_text
from layerkit.display.tables import new_table, table_text
from layerkit.plan.memory import estimate_memory
from layerkit.plan.network import NetworkPlan

_MAX_PATHS = 3


def summary_text(plan: NetworkPlan, capacity: int) -> str:
    """Return the summary as text, with no line ever broken."""
    return "\n\n".join([_facts(plan), *map(table_text, tables(plan, capacity))])


def print_summary(plan: NetworkPlan, capacity: int) -> None:
    """Print the summary, with tables as wide as the terminal or the notebook."""
    console = Console(markup=False, emoji=False, highlight=False)
    if not (console.is_terminal or console.is_jupyter):
        console.file.write(f"{summary_text(plan, capacity)}\n")
        return
    console.print(_facts(plan), sep="\n")
    for table in tables(plan, capacity):
        console.print("", table, sep="\n")


def tables(plan: NetworkPlan, capacity: int) -> list[Table]:
    """Return the tables of a summary, in their order."""
    starts = start_table(plan)
    return [
        layer_table(plan),
        *([starts] if starts.row_count else []),
        memory_table(plan, capacity),
    ]


def _facts(plan: NetworkPlan) -> str:
    return f"network  {size_text(plan)}\ndata     {data_text(plan)}"


def layer_table(plan: NetworkPlan) -> Table:
    """Return a row for every layer, those inside others too."""
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


def start_table(plan: NetworkPlan) -> Table:
    """Return what parameters start from where that depends on the activation that follows."""
    paths: dict[str, list[str]] = {}
    for path, param in plan.params():
        if param.initializer.follows_activation:
            paths.setdefault(param.initializer.description(param.fan), []).append(path)
    table = new_table({"starts from": "", "parameters": ""}, wraps=("parameters",))
    for description, those in paths.items():
        more = f" and {len(those) - _MAX_PATHS} more" if len(those) > _MAX_PATHS else ""
        table.add_row(description, f"{', '.join(those[:_MAX_PATHS])}{more}")
    return table


def memory_table(plan: NetworkPlan, capacity: int) -> Table:
    """Return a row for everything that takes memory, if batches of that capacity are evaluated."""
    memory = estimate_memory(plan, capacity, plan.threads.shards)
    optimizer, batch_size = plan.spec.optimizer, plan.spec.training.batch_size
    slots = f" ({', '.join(optimizer.slots())})" if optimizer.slots() else ""
    batch = "the full set" if batch_size == "full" else f"batches of {batch_size}"
    data = plan.spec.data.display_name + (": class indices" if memory.mapped else "")
    total = byte_count(memory.total)
    columns = {"memory": "total", "size": total, "for": ""}
    table = new_table(columns, right=("size",), wraps=("for",))
    for name, size, purpose in (
        ("parameters", memory.parameters, plan.spec.dtype),
        ("gradients", memory.gradients, ""),
        ("optimizer", memory.optimizer, optimizer.display_name + slots),
        ("copies", memory.copies, "kept by the run and by callbacks"),
        ("layer state", memory.state, ""),
        ("activations", memory.activations, f"{batch}, estimated"),
        ("metrics", memory.metrics, "kept until they are computed"),
        ("data", memory.data, data),
        ("files", memory.mapped, "mapped: on disk, not in the total"),
    ):
        if size is None:
            table.add_row(name, "unknown", "until the data are read")
        elif size:
            table.add_row(name, byte_count(size), purpose)
    return table
