"""Layerkit."""
