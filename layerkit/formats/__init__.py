"""Readers of data files, and what datasets do with labels and scales."""
