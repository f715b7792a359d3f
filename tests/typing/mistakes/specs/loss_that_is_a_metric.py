"""A metric as the loss."""

import layerkit as lk
from layerkit import layers, metrics

lk.ModelSpec(layers=[layers.Dense(units=3)], loss=metrics.Accuracy(), optimizer="adam")

# mypy 6: Argument "loss" to "ModelSpec" has incompatible type "AccuracyConfig"; expected "LossConfig | Mapping[str, object] | str" [arg-type]
# pyright 6: Argument of type "AccuracyConfig" cannot be assigned to parameter "loss" of type "LossConfig | Table | str" in function "__init__" [reportArgumentType]
