"""Targets one-hot, as keras.utils.to_categorical makes them."""

import numpy as np

import layerkit as lk
from layerkit import layers

x = np.random.default_rng(0).normal(size=(30, 4))
y = np.eye(3)[np.arange(30) % 3]
spec = lk.ModelSpec(
    layers=[layers.Dense(units=3)],
    loss="softmax_cross_entropy",
    optimizer="adam",
    training={"epochs": 5, "batch_size": 10},
)
lk.train(spec, data=(x, y), test=(x, y))
