"""Units as text."""

from layerkit import layers

layers.Dense(units="64")

# mypy 5: Argument "units" to "DenseConfig" has incompatible type "str"; expected "int" [arg-type]
# pyright 5: Argument of type "Literal['64']" cannot be assigned to parameter "units" of type "int" in function "__init__" [reportArgumentType]
