"""Two classes of points, as a Keras tutorial would begin."""

import numpy as np

import layerkit as lk
from layerkit import layers

rng = np.random.default_rng(0)
x = rng.normal(size=(200, 2))
y = (x[:, 0] + x[:, 1] > 0).astype(int)

spec = lk.ModelSpec(
    layers=[layers.Dense(units=8), "tanh", layers.Dense(units=2)],
    loss="softmax_cross_entropy",
    optimizer="adam",
    metrics=["accuracy"],
    training={"epochs": 20, "batch_size": 10},
)
result = lk.train(spec, data=(x[:150], y[:150]), validation=0.2, test=(x[150:], y[150:]))
print(result.test["accuracy"] > 0.9)
print(result.network.predict(x[150:155]).argmax(axis=1), y[150:155])
