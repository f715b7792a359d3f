"""One metric without a list."""

import layerkit as lk
from layerkit import layers, metrics

lk.ModelSpec(
    layers=[layers.Dense(units=3)],
    loss="softmax_cross_entropy",
    optimizer="adam",
    metrics=metrics.Accuracy(),
)

# mypy 10: Argument "metrics" to "ModelSpec" has incompatible type "AccuracyConfig"; expected "Sequence[MetricConfig | Mapping[str, object] | str]" [arg-type]
# pyright 10: Argument of type "AccuracyConfig" cannot be assigned to parameter "metrics" of type "Sequence[MetricConfig | Table | str]" in function "__init__" [reportArgumentType]
