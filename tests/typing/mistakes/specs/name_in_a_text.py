"""A misspelled name in place of a config."""

import layerkit as lk

lk.ModelSpec(layers=["tahn"], loss="mean_squared_error", optimizer="adam")
