"""Keras's worker: ``fit`` on as many images as a turn has batches for.

``train_on_batch``, and the torch backend, take twice as long and more.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import keras
import numpy as np

from benchmarks.mnist import test_part, train_part
from benchmarks.turns import serve
from benchmarks.workloads import CLASSES, KERNEL, MOMENTUM, PIXELS, SIDE, Workload


def prepare(workload: Workload, steps: int) -> tuple[Callable[[], object], str]:
    """Return what does a turn of training, or of inference."""
    keras.utils.set_random_seed(7)
    model = build(workload)
    threads = f"{keras.backend.backend()}'s default on {os.cpu_count()} cores"
    if workload.task == "predict":
        return _predicting(workload, model, steps), threads
    part = train_part()
    images = part.scaled().reshape(-1, *input_shape(workload))
    return _training(workload, model, images, part.labels, steps), threads


def input_shape(workload: Workload) -> tuple[int, ...]:
    """Return the shape of an image."""
    return (SIDE, SIDE, 1) if workload.filters else (PIXELS,)


def build(workload: Workload) -> keras.Model:
    """Return the compiled model, initialised as in Layerkit's spec."""
    initializer = "glorot_uniform" if workload.activation == "tanh" else "he_uniform"
    penalty = keras.regularizers.L2(workload.l2 / 2) if workload.l2 else None
    layers = [keras.Input(input_shape(workload))]
    for filters in workload.filters:
        layers.append(
            keras.layers.Conv2D(filters, KERNEL, padding="same", activation=workload.activation)
        )
        layers.append(keras.layers.MaxPooling2D())
    if workload.filters:
        layers.append(keras.layers.Flatten())
    if workload.dropout is not None:
        layers.append(keras.layers.Dropout(workload.dropout[0]))
    for units in workload.hidden:
        layers.append(
            keras.layers.Dense(
                units,
                activation=workload.activation,
                kernel_initializer=initializer,
                kernel_regularizer=penalty,
            )
        )
        if workload.dropout is not None:
            layers.append(keras.layers.Dropout(workload.dropout[1]))
    layers.append(keras.layers.Dense(CLASSES, kernel_regularizer=penalty))
    model = keras.Sequential(layers)
    optimizer = (
        keras.optimizers.SGD(workload.learning_rate, MOMENTUM)
        if workload.optimizer == "sgd"
        else keras.optimizers.Adam(workload.learning_rate)
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer, loss)
    return model


def _training(
    workload: Workload, model: keras.Model, images: np.ndarray, labels: np.ndarray, steps: int
) -> Callable[[], object]:
    count = steps * workload.batch
    slices = [slice(start, start + count) for start in range(0, len(labels) - count + 1, count)]
    turns = iter(range(10**9))

    def turn() -> None:
        chosen = slices[next(turns) % len(slices)]
        model.fit(
            images[chosen], labels[chosen], batch_size=workload.batch, shuffle=True, verbose=0
        )

    return turn


def _predicting(workload: Workload, model: keras.Model, steps: int) -> Callable[[], object]:
    inputs = test_part().scaled()
    batch = workload.batch
    starts = [step * batch % len(inputs) for step in range(steps)]

    def turn() -> None:
        for start in starts:
            keras.ops.softmax(model.predict_on_batch(inputs[start : start + batch]))

    return turn


if __name__ == "__main__":
    serve(prepare)
