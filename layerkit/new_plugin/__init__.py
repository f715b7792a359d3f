"""Writes new plugins: a distribution with one component, its tests and all that belongs to it."""
