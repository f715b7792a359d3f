"""The words of Keras: units by position, activation as an argument."""

import layerkit as lk
from layerkit import layers, optimizers

spec = lk.ModelSpec(
    layers=[layers.Dense(64, activation="relu"), layers.Dense(3, activation="softmax")],
    loss="sparse_categorical_crossentropy",
    optimizer=optimizers.Adam(lr=0.001),
)
