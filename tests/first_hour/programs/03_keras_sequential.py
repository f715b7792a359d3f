"""Build, compile, fit: the three calls of Keras."""

import layerkit as lk
from layerkit import layers

model = lk.Sequential([layers.Dense(units=16), layers.Dense(units=2)])
model.compile(optimizer="adam", loss="softmax_cross_entropy")
model.fit([[0.0, 1.0], [1.0, 0.0]], [0, 1], epochs=5)
