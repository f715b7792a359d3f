"""Train on two arrays; keep the run, load it again, predict."""

import tempfile

import numpy as np

import layerkit as lk
from layerkit import layers, losses, metrics, optimizers

rng = np.random.default_rng(0)
x = rng.normal(size=(400, 2))
y = np.where(np.hypot(x[:, 0], x[:, 1]) < 1, "inside", "outside")

spec = lk.ModelSpec(
    layers=[layers.Dense(units=16), layers.Tanh(), layers.Dense(units=2)],
    loss=losses.SoftmaxCrossEntropy(),
    optimizer=optimizers.Adam(learning_rate=0.02),
    metrics=[metrics.Accuracy()],
    training={"epochs": 30, "early_stopping": {"patience": 10}},
)
with tempfile.TemporaryDirectory() as directory:
    result = lk.run(
        spec, directory, data=(x[:300], y[:300]), validation=0.2, test=(x[300:], y[300:])
    )
    network = lk.load(directory)
print("test accuracy above 90 %:", result.test["accuracy"] > 0.9)

probabilities = network.predict([[0.1, 0.2], [3.0, 3.0]])
print(np.array(network.class_names)[probabilities.argmax(axis=1)])
