"""A spec without a loss."""

import layerkit as lk
from layerkit import layers

lk.ModelSpec(layers=[layers.Dense(units=3)], optimizer="adam")

# mypy 6: Missing named argument "loss" for "ModelSpec" [call-arg]
# pyright 6: Argument missing for parameter "loss" [reportCallIssue]
