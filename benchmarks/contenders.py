"""Who takes part in which workload."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from benchmarks.race import Runner
from benchmarks.worker import Worker
from benchmarks.workloads import Workload


def _training(workload: Workload) -> bool:
    return workload.task == "train"


def _predicting(workload: Workload) -> bool:
    return workload.task == "predict"


def _dropping(workload: Workload) -> bool:
    return workload.dropout is not None


def _convolving(workload: Workload) -> bool:
    return bool(workload.filters)


def _plain(workload: Workload) -> bool:
    return _training(workload) and not _dropping(workload) and not _convolving(workload)


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to do a workload, as a worker process.

    Attributes
    ----------
    name
        What tables call it.
    module
        What to start; see `benchmarks.turns`.
    takes_part
        Whether it can do a workload.
    note
        How it does it, for the page.
    environment
        Variables to set.
    arguments
        After the workload's name.
    """

    name: str
    module: str
    takes_part: Callable[[Workload], bool]
    note: str
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    arguments: tuple[str, ...] = ()

    @property
    def is_floor(self) -> bool:
        """Whether it does the matrix products alone."""
        return self.name.startswith("GEMM floor")

    def start(self, workload: Workload, steps: int | None = None) -> Runner:
        """Start the worker, with the steps of a turn if they are not to be the workload's."""
        command = [self.module, workload.name, *self.arguments]
        return Runner(self.name, Worker(command, self.environment, steps))


LAYERKIT, TORCH, FLOOR = "layerkit", "torch", "GEMM floor, NumPy"
FLOOR_ONE_THREAD = f"{FLOOR}, 1 thread"

CONTENDERS = (
    Contender(
        LAYERKIT,
        "benchmarks.own.train",
        _training,
        "the training loop of `layerkit.train`, images kept as bytes",
    ),
    Contender(
        LAYERKIT,
        "benchmarks.own.predict",
        _predicting,
        "`Network.predict`",
    ),
    Contender(
        TORCH,
        "benchmarks.peers.torch_eager",
        lambda _: True,
        "eager, fused optimizer, `nn.Dropout`, float32 images indexed by row",
    ),
    Contender(
        "torch, byte masks",
        "benchmarks.peers.torch_eager",
        _dropping,
        "the same with dropout masks made from random bytes",
        arguments=("byte-masks",),
    ),
    Contender(
        "torch, channels last",
        "benchmarks.peers.torch_eager",
        _convolving,
        "the same with images and weights in the `channels_last` format",
        arguments=("channels-last",),
    ),
    Contender(
        "torch.compile",
        "benchmarks.peers.torch_eager",
        lambda _: True,
        "the same with the network and its loss compiled",
        arguments=("compile",),
    ),
    Contender(
        "jax",
        "benchmarks.peers.jax_scan",
        lambda _: True,
        "one jitted `lax.scan` over the batches of a turn (W5: a jitted step a batch)",
    ),
    Contender(
        "keras",
        "benchmarks.peers.keras_fit",
        lambda _: True,
        "`fit` and `predict_on_batch` on the JAX backend, `jit_compile`",
        environment={"KERAS_BACKEND": "jax"},
    ),
    Contender(
        "scikit-learn",
        "benchmarks.peers.sklearn_mlp",
        lambda workload: _plain(workload) or _predicting(workload),
        "`MLPClassifier.partial_fit` and `predict_proba`",
    ),
    Contender(
        "onnxruntime",
        "benchmarks.peers.onnx_runtime",
        _predicting,
        "an `InferenceSession` on the CPU provider",
    ),
    Contender(
        FLOOR,
        "benchmarks.own.floor",
        lambda _: True,
        "the same matrix products in memory set aside before, and nothing else",
    ),
    Contender(
        FLOOR_ONE_THREAD,
        "benchmarks.own.floor",
        lambda _: True,
        "the same on one thread, which is quicker where the products are small",
        environment={"OPENBLAS_NUM_THREADS": "1"},
    ),
    Contender(
        "GEMM floor, torch",
        "benchmarks.peers.floor_torch",
        lambda _: True,
        "the same matrix products with `torch.mm(out=)`",
    ),
)


def contenders_of(workload: Workload) -> list[Contender]:
    """Return who takes part in a workload."""
    return [contender for contender in CONTENDERS if contender.takes_part(workload)]
