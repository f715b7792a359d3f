"""Convolution and max pooling, as a Layerkit plugin."""
