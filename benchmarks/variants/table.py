"""Every trick, and how to run Layerkit without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from layerkit_mnist import MnistConfig

from benchmarks.variants.data import FloatMnistConfig
from benchmarks.variants.dense import EagerDenseConfig, TurnedDenseConfig
from benchmarks.variants.dropout import FloatMasksConfig, GeneratorBytesConfig
from benchmarks.variants.engine import (
    free_to_move,
    in_one_block,
    in_shards,
    live_display,
    on_one_thread,
    without_flushing,
    without_shards,
)
from benchmarks.variants.sgd import AllocatingConfig
from layerkit import ModelSpec
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.dropout import DropoutConfig
from layerkit.builtin.sgd import SgdConfig
from layerkit.plugin import Callback, LayerConfig, OptimizerConfig

LayerT = TypeVar("LayerT", bound=LayerConfig)
Change = Callable[[ModelSpec], ModelSpec]


def _unchanged(spec: ModelSpec) -> ModelSpec:
    return spec


@dataclass(frozen=True, slots=True)
class Variant:
    """Layerkit without a trick, or with something else than it would choose.

    Attributes
    ----------
    name
        What is different, for tables and command lines.
    workloads
        Where to look.
    change
        Makes another spec, and sets the engine otherwise if need be.
    callback
        Makes a callback to train with.
    lengthened
        How many times as long its turns are. The display catches up after every rest.
    """

    name: str
    workloads: Sequence[str]
    change: Change = _unchanged
    callback: Callable[[], Callback] | None = None
    lengthened: int = 1


def _layers(kind: type[LayerT], other: Callable[[LayerT], LayerConfig]) -> Change:
    """Return what puts others in the place of a kind of layers."""

    def change(spec: ModelSpec) -> ModelSpec:
        layers = tuple(other(layer) if isinstance(layer, kind) else layer for layer in spec.layers)
        return spec.model_copy(update={"layers": layers})

    return change


def _sgd(other: Callable[[SgdConfig], OptimizerConfig]) -> Change:
    """Return what puts another optimizer in the place of SGD."""

    def change(spec: ModelSpec) -> ModelSpec:
        if not isinstance(spec.optimizer, SgdConfig):
            raise TypeError("expected the optimizer sgd")
        return spec.model_copy(update={"optimizer": other(spec.optimizer)})

    return change


def _float_data(spec: ModelSpec) -> ModelSpec:
    if not isinstance(spec.data, MnistConfig):
        raise TypeError("expected the data mnist")
    return spec.model_copy(update={"data": FloatMnistConfig(mnist=spec.data)})


AGAIN = "nothing left out: the noise"
VARIANTS = (
    Variant(AGAIN, ("W1", "W2", "W3", "W4", "W5")),
    Variant("penalties and optimizer over whole vectors", ("W2", "W3", "W4"), in_one_block),
    Variant(
        "optimizer that allocates",
        ("W1", "W2"),
        _sgd(lambda sgd: AllocatingConfig(learning_rate=sgd.learning_rate, momentum=sgd.momentum)),
    ),
    Variant(
        "first input gradient computed",
        ("W1", "W2"),
        _layers(DenseConfig, lambda dense: EagerDenseConfig(dense=dense)),
    ),
    Variant(
        "weights as (units, features)",
        ("W1", "W2"),
        _layers(DenseConfig, lambda dense: TurnedDenseConfig(dense=dense)),
    ),
    Variant(
        "masks from random floats",
        ("W2",),
        _layers(DropoutConfig, lambda dropout: FloatMasksConfig(dropout=dropout)),
    ),
    Variant(
        "masks from the generator's own bytes",
        ("W2",),
        _layers(DropoutConfig, lambda dropout: GeneratorBytesConfig(dropout=dropout)),
    ),
    Variant("images kept as float32, not bytes", ("W1", "W2"), _float_data),
    Variant("no flushing of tiny optimizer state", ("W1", "W2"), without_flushing),
    Variant("one thread", ("W1", "W2", "W5"), on_one_thread),
    Variant("a shard of the batch for every thread", ("W1", "W2"), in_shards),
    Variant("no shards: all threads in the products", ("W5",), without_shards),
    Variant("threads not kept apart", ("W1", "W2", "W5"), free_to_move),
    Variant("with the live display", ("W1", "W2"), callback=live_display, lengthened=40),
)
