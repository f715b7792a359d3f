"""Classes that are numbered from 1, as in many data sets."""

import numpy as np

import layerkit as lk
from layerkit import layers

x = np.random.default_rng(0).normal(size=(30, 4))
y = np.arange(30) % 3 + 1
spec = lk.ModelSpec(
    layers=[layers.Dense(units=3)], loss="softmax_cross_entropy", optimizer="adam"
)
lk.train(spec, data=(x, y))
