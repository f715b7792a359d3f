"""A loss among the layers."""

import layerkit as lk
from layerkit import layers, losses

lk.ModelSpec(
    layers=[layers.Dense(units=3), losses.SoftmaxCrossEntropy()],
    loss="softmax_cross_entropy",
    optimizer="adam",
)

# mypy 7: List item 1 has incompatible type "SoftmaxCrossEntropyConfig"; expected "LayerConfig | Mapping[str, object] | str" [list-item]
# pyright 7: Argument of type "list[DenseConfig | SoftmaxCrossEntropyConfig]" cannot be assigned to parameter "layers" of type "Sequence[LayerConfig | Table | str]" in function "__init__" [reportArgumentType]
