"""The engine set otherwise than it sets itself."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from io import StringIO
from types import ModuleType

from rich.console import Console
from rich.live import Live

from layerkit import ModelSpec
from layerkit.cli.progress import LiveProgress
from layerkit.engine import update, workers
from layerkit.plan import network
from layerkit.plan.threads import ThreadPlan, available_cores
from layerkit.plugin import Callback

NEVER = 10**12


def without_flushing(spec: ModelSpec) -> ModelSpec:
    """Never flush tiny optimizer state to zero."""
    _replace(update, "FLUSH_EVERY", NEVER)
    return spec


def in_one_block(spec: ModelSpec) -> ModelSpec:
    """Go over the whole flat vectors in every pass of penalties and optimizer."""
    _replace(update, "BLOCK", NEVER)
    return spec


def without_shards(spec: ModelSpec) -> ModelSpec:
    """Leave all threads to the matrix products, and the batch in one piece."""
    return _spread(spec, ThreadPlan(shards=1, blas_threads=available_cores()))


def in_shards(spec: ModelSpec) -> ModelSpec:
    """Cut the batch into a shard a core."""
    return _spread(spec, ThreadPlan(shards=available_cores(), blas_threads=1))


def free_to_move(spec: ModelSpec) -> ModelSpec:
    """Let the scheduler put threads where it likes."""

    def left_alone(_: Sequence[int], __: int) -> AbstractContextManager[None]:
        return nullcontext()

    _replace(workers, "pinned_to_cores", left_alone)
    return spec


def on_one_thread(spec: ModelSpec) -> ModelSpec:
    """Use one thread."""
    return _spread(spec, ThreadPlan(shards=1, blas_threads=1))


def live_display() -> Callback:
    """Return the display of a terminal, drawn into nothing."""
    console = Console(file=StringIO(), force_terminal=True)
    live = Live(console=console, auto_refresh=False, transient=True)
    live.start()
    return LiveProgress(live)


def _spread(spec: ModelSpec, chosen: ThreadPlan) -> ModelSpec:
    """Spread the work in a way of our choosing."""

    def choose(*_: object) -> ThreadPlan:
        return chosen

    _replace(network, "plan_threads", choose)
    return spec


def _replace(module: ModuleType, name: str, value: object) -> None:
    """Put something else in a name's place, which must be there."""
    if name not in vars(module):
        raise AttributeError(f"{module.__name__} has no {name} any more")
    setattr(module, name, value)
