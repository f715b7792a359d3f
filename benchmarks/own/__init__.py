"""Layerkit's workers, and the floor that NumPy sets."""
