"""Epochs at the top of a spec."""

import layerkit as lk
from layerkit import layers

lk.ModelSpec(
    layers=[layers.Dense(units=3)], loss="softmax_cross_entropy", optimizer="adam", epochs=3
)

# mypy 6: Unexpected keyword argument "epochs" for "ModelSpec" [call-arg]
# pyright 7: No parameter named "epochs" [reportCallIssue]
