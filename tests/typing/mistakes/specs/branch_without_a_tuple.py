"""A branch that is one layer."""

from layerkit import layers

layers.Parallel(branches=(layers.Dense(units=3),))

# mypy 5: Argument "branches" to "ParallelConfig" has incompatible type "tuple[DenseConfig]"; expected "tuple[tuple[LayerConfig, ...], ...]" [arg-type]
# pyright 5: Argument of type "tuple[DenseConfig]" cannot be assigned to parameter "branches" of type "tuple[Branch, ...]" in function "__init__" [reportArgumentType]
