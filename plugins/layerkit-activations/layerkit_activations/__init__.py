"""Activations, as a Layerkit plugin: one a module."""
