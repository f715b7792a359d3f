"""An unknown key in the table of a component."""

import layerkit as lk

lk.ModelSpec(
    layers=[{"type": "dense", "unitz": 3}], loss="mean_squared_error", optimizer="adam"
)
