"""Layerkit with one trick left out at a time, built from components of its own kind."""
