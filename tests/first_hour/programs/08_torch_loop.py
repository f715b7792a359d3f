"""The training loop written by hand, as in PyTorch."""

import numpy as np

import layerkit as lk
from layerkit import layers

rng = np.random.default_rng(0)
x = rng.normal(size=(64, 2)).astype(np.float32)
y = (x[:, 0] * x[:, 1] > 0).astype(np.int64)

spec = lk.ModelSpec(
    layers=[layers.Dense(units=16), layers.ReLU(), layers.Dense(units=2)],
    loss="softmax_cross_entropy",
    optimizer="adam",
)
network = lk.build(spec, data=(x, y))
for step in range(200):
    outputs = network.forward(x)
    loss = network.backward(y)
    network.update(learning_rate=0.01)
print(loss < 0.2, outputs.shape)
