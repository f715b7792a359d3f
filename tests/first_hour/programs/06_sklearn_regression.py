"""A regression of numbers with one target per row, as in scikit-learn."""

import numpy as np

import layerkit as lk
from layerkit import layers, losses, optimizers

rng = np.random.default_rng(1)
X = rng.uniform(-1, 1, size=(300, 3))
y = X[:, 0] ** 2 + X[:, 1] - 0.5 * X[:, 2]

spec = lk.ModelSpec(
    layers=[layers.Dense(units=32), layers.Tanh(), layers.Dense(units=1)],
    loss=losses.MeanSquaredError(),
    optimizer=optimizers.Adam(learning_rate=0.01),
    training={"epochs": 60, "batch_size": 16},
)
result = lk.train(spec, data=(X[:200], y[:200]), test=(X[200:], y[200:]))
print(result.test["loss"] < 0.05, result.network.predict(X[:2]).shape)
