"""A number out of range."""

from layerkit import layers

layers.Dropout(rate=1.5)
