"""The engine set otherwise than it sets itself."""

from __future__ import annotations

from io import StringIO
from types import ModuleType

from rich.console import Console
from rich.live import Live

from layerkit import ModelSpec
from layerkit.cli.progress import LiveProgress
from layerkit.contracts import Callback, CallbackConfig
from layerkit.engine import run, step, training
from layerkit.engine.parallelism import Parallelism, available_cores
from layerkit.spec.plan import SpecPlan

NEVER = 10**12


def without_flushing(spec: ModelSpec) -> ModelSpec:
    """Never flush tiny optimizer state to zero."""
    _replace(step, "FLUSH_EVERY", NEVER)
    return spec


def without_shards(spec: ModelSpec) -> ModelSpec:
    """Leave all threads to the matrix products, and the batch in one piece."""

    def unsharded(plan: SpecPlan) -> Parallelism:
        del plan
        return Parallelism(products=available_cores(), shards=1)

    for module in (run, training):
        _replace(module, "parallelism_of", unsharded)
    return spec


def on_one_thread(spec: ModelSpec) -> ModelSpec:
    """Use one thread."""
    return _with_threads(spec, 1)


def on_two_threads(spec: ModelSpec) -> ModelSpec:
    """Use two threads."""
    return _with_threads(spec, 2)


def live_display() -> Callback[CallbackConfig]:
    """Return the display of a terminal, drawn into nothing."""
    console = Console(file=StringIO(), force_terminal=True)
    live = Live(console=console, auto_refresh=False, transient=True)
    live.start()
    return LiveProgress(live)


def _with_threads(spec: ModelSpec, threads: int) -> ModelSpec:
    training_table = spec.training.model_copy(update={"threads": threads})
    return spec.model_copy(update={"training": training_table})


def _replace(module: ModuleType, name: str, value: object) -> None:
    """Put something else in a name's place, which must be there."""
    if name not in vars(module):
        raise AttributeError(f"{module.__name__} has no {name} any more")
    setattr(module, name, value)
