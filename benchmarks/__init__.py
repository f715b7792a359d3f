"""Layerkit beside what its users would pick instead, measured in one run: ``make bench``."""
