"""The training loop, written by hand."""

import numpy as np

import layerkit as lk
from layerkit import layers, losses, optimizers

rng = np.random.default_rng(0)
x = rng.normal(size=(256, 2))
y = (x[:, 0] * x[:, 1] > 0).astype(int)

spec = lk.ModelSpec(
    layers=[layers.Dense(units=16), layers.Tanh(), layers.Dense(units=2)],
    loss=losses.SoftmaxCrossEntropy(),
    optimizer=optimizers.Adam(learning_rate=0.02),
)
network = lk.build(spec, data=(x, y))
for _ in range(20):
    order = rng.permutation(256)
    for start in range(0, 256, 32):
        rows = order[start : start + 32]
        network.forward(x[rows])
        network.backward(y[rows])
        network.update()
right = np.count_nonzero(network.predict(x).argmax(axis=1) == y)
print("accuracy above 90 %:", right / 256 > 0.9)

# Without the optimizer: gradient descent on the same network.
loss = 0.0
for _ in range(10):
    network.forward(x)
    loss = network.backward(y)
    for path, parameter in network.parameters.items():
        parameter[...] -= 0.1 * network.gradients[path]
print("loss below 0.2:", loss < 0.2)
