"""Layers for sequences, as a Layerkit plugin."""
