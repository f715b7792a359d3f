"""Images of uint8 pixels: train, keep the run, load it again, predict one image."""

import numpy as np

import layerkit as lk
from layerkit import layers

rng = np.random.default_rng(0)
y = rng.integers(0, 2, size=120)
images = rng.integers(0, 60, size=(120, 8, 8, 1)) + 150 * y[:, None, None, None]
images = images.astype(np.uint8)

spec = lk.ModelSpec(
    layers=[layers.Conv2D(filters=4, kernel_size=3), "relu", "flatten", layers.Dense(units=2)],
    loss="softmax_cross_entropy",
    optimizer="adam",
    training={"epochs": 20, "batch_size": 10},
)
lk.run(spec, "my_run", data=(images, y), validation=0.2, test=(images, y))
network = lk.load("my_run")
print(network.predict(images[:5]).argmax(axis=1) == y[:5])
network.predict(images[0])
