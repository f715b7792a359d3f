"""An optimizer's class in place of its config."""

import layerkit as lk
from layerkit import layers, optimizers

lk.ModelSpec(
    layers=[layers.Dense(units=3)], loss="softmax_cross_entropy", optimizer=optimizers.Adam
)

# mypy 7: Argument "optimizer" to "ModelSpec" has incompatible type "type[AdamConfig]"; expected "OptimizerConfig | Mapping[str, object] | str" [arg-type]
# pyright 7: Argument of type "type[AdamConfig]" cannot be assigned to parameter "optimizer" of type "OptimizerConfig | Table | str" in function "__init__" [reportArgumentType]
