"""The options of PyTorch and Keras, by their names there."""

from layerkit import layers

layers.Dense(in_features=2, out_features=16, activation="relu")
