"""An unknown key in a table."""

import layerkit as lk

lk.ModelSpec(layers=["tanh"], loss="mean_squared_error", optimizer="adam", training={"epoch": 3})
