"""Readers of data files, and the labels and scales of datasets."""
