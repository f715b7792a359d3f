"""scikit-learn's worker: ``MLPClassifier``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_info

from benchmarks.mnist import test_part, train_part
from benchmarks.turns import serve
from benchmarks.workloads import CLASSES, MOMENTUM, Workload


def prepare(workload: Workload, steps: int) -> tuple[Callable[[], object], str]:
    """Return what does a turn: one pass over as many images as it has batches for."""
    part = train_part()
    images, labels = part.scaled(), part.labels
    # scikit-learn divides its penalty by the batch size.
    model = MLPClassifier(
        workload.hidden,
        activation=workload.activation,
        solver=workload.optimizer,
        alpha=workload.l2 * workload.batch,
        batch_size=workload.batch,
        learning_rate_init=workload.learning_rate,
        momentum=MOMENTUM,
        nesterovs_momentum=False,
        random_state=7,
    )
    threads = "/".join(str(info["num_threads"]) for info in threadpool_info())
    if workload.task == "predict":
        model.set_params(batch_size=128)
        model.partial_fit(images[:128], labels[:128], classes=np.arange(CLASSES))
        return _predicting(workload, model, steps), threads
    count = steps * workload.batch
    slices = [slice(start, start + count) for start in range(0, len(labels) - count + 1, count)]
    turns = iter(range(10**9))

    def turn() -> None:
        chosen = slices[next(turns) % len(slices)]
        model.partial_fit(images[chosen], labels[chosen], classes=np.arange(CLASSES))

    return turn, threads


def _predicting(workload: Workload, model: MLPClassifier, steps: int) -> Callable[[], object]:
    inputs = test_part().scaled()
    batch = workload.batch
    starts = [step * batch % len(inputs) for step in range(steps)]

    def turn() -> None:
        for start in starts:
            model.predict_proba(inputs[start : start + batch])

    return turn


if __name__ == "__main__":
    serve(prepare)
