"""An initializer as a number."""

from layerkit import layers

layers.Dense(units=3, bias_initializer=0.0)

# mypy 5: Argument "bias_initializer" to "DenseConfig" has incompatible type "float"; expected "InitializerConfig" [arg-type]
# pyright 5: Argument of type "float" cannot be assigned to parameter "bias_initializer" of type "AnyInitializer" in function "__init__" [reportArgumentType]
