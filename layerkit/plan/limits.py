"""Sizes that no machine has, or few: the verdict on a spec is the same on every machine."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from layerkit.component import Config
from layerkit.plan.memory import Memory, estimate_memory
from layerkit.spec.diagnostics import Loc, Problem

if TYPE_CHECKING:
    from layerkit.plan.network import NetworkPlan

MAX_BYTES = 2**47
"""The memory that a process can address on x86-64 and most other machines."""
LARGE_BYTES = 2**37
"""128 GiB: more than most machines have."""
MAX_THREADS = 1024
LARGE_THREADS = 128
"""More threads than most machines have cores."""
_SHOWN = (("PiB", 2**50), ("TiB", 2**40), ("GiB", 2**30))


def limit_problems(plan: NetworkPlan) -> Iterator[Problem]:
    """Yield that a network takes more memory than a process can have, or more threads."""
    memory = _least_memory(plan)
    if memory.total > MAX_BYTES:
        yield _memory_problem(plan, memory, MAX_BYTES, "too-much-memory")
    threads = plan.spec.training.threads
    if isinstance(threads, int) and threads > MAX_THREADS:
        reason = f"expected at most {MAX_THREADS:,} threads, found {threads:,}"
        hint = 'threads = "auto" takes as many as the network keeps busy'
        yield Problem(("training", "threads"), "wrong-value", reason, hint)


def limit_warnings(plan: NetworkPlan) -> Iterator[Problem]:
    """Yield that a network takes more memory than most machines have, or more threads."""
    memory = _least_memory(plan)
    if memory.total > LARGE_BYTES:
        yield _memory_problem(plan, memory, LARGE_BYTES, "much-memory")
    threads = plan.spec.training.threads
    if isinstance(threads, int) and threads > LARGE_THREADS:
        reason = f"{threads:,} threads are more than most machines have cores"
        hint = 'threads = "auto" takes as many as the network keeps busy'
        yield Problem(("training", "threads"), "many-threads", reason, hint)


def _least_memory(plan: NetworkPlan) -> Memory:
    """Return what a run takes at least, on a machine with one core."""
    return estimate_memory(plan, evaluation_capacity=1)


def _memory_problem(plan: NetworkPlan, memory: Memory, most: int, code: str) -> Problem:
    size, limit = _bytes(memory.total), _bytes(most)
    if code == "too-much-memory":
        reason = f"expected a network that takes at most {limit} of memory, found one of {size}"
    else:
        reason = f"the network takes {size} of memory, more than most machines have"
    hint = "make this smaller, which takes the most; 'layerkit summary' shows sizes of a good spec"
    return Problem(_largest(plan, memory.optimizer), code, reason, hint)


def _largest(plan: NetworkPlan, optimizer: int) -> Loc:
    """Return what takes the most memory: a layer's option, the batch, or the data."""
    info = plan.info
    batch = plan.spec.training.batch_size
    examples = batch if isinstance(batch, int) else plan.train_examples or 1
    known = [count for count in (info.train, info.validation, info.test) if count is not None]
    sizes: dict[Loc, int] = {
        ("data",): math.prod(info.input_shape) * max(examples, sum(known)),
        ("optimizer",): optimizer // plan.dtype.itemsize,
    }
    for index, layer in enumerate(plan.layers):
        own = sum(math.prod(param.shape) for _, param in layer.plan.all_params())
        sizes[("layers", index)] = max(own, examples * math.prod(layer.plan.output))
    loc = max(sizes, key=lambda each: sizes[each])
    configs: dict[Loc, Config] = {("data",): plan.spec.data, ("optimizer",): plan.spec.optimizer}
    config = configs[loc] if loc in configs else plan.layers[int(loc[1])].config
    return (*loc, *_option(config))


def _option(config: Config) -> tuple[str, ...]:
    """Return the option of a component that is the largest number, if there is one."""
    options: dict[str, object] = dict(config)
    numbers = {
        key: value
        for key, value in options.items()
        if isinstance(value, int) and not isinstance(value, bool)
    }
    return (max(numbers, key=lambda key: numbers[key]),) if numbers else ()


def _bytes(size: int) -> str:
    for unit, factor in _SHOWN:
        if factor <= size < 10**6 * factor:
            return f"{size / factor:,.0f} {unit}"
    return f"about 2^{size.bit_length() - 1} bytes"
