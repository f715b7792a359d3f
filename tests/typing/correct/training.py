"""Training on arrays, results, and predictions."""

import tempfile
from pathlib import Path

import numpy as np

import layerkit as lk
from layerkit import layers, losses, metrics, optimizers

rng = np.random.default_rng(0)
x = rng.normal(size=(60, 2))
y = (x[:, 0] > 0).astype(int)
spec = lk.ModelSpec(
    layers=[layers.Dense(units=2)],
    loss=losses.SoftmaxCrossEntropy(),
    optimizer=optimizers.Adam(),
    metrics=[metrics.Accuracy()],
    training=lk.Training(epochs=1),
)
with tempfile.TemporaryDirectory() as name:
    directory = Path(name, "run")
    result = lk.run(spec, directory, data=(x, y), validation=0.2, test=(x, y))
    accuracy: float = result.test["accuracy"]
    losses_of_epochs = [epoch.train["loss"] for epoch in result.history]
    network = lk.load(directory, "best")
    lk.export_run(directory, Path(name, "network.npz"))
classes = network.predict_classes([[0.1, 0.2]])
probabilities = network.predict(x).max(axis=1)

by_hand = lk.build(spec, data=(x, y))
by_hand.forward(x)
loss: float = by_hand.backward(y)
by_hand.update(learning_rate=0.1)
weight = by_hand.parameters["dense_1.weight"]
weight[...] -= 0.1 * by_hand.gradients["dense_1.weight"]
