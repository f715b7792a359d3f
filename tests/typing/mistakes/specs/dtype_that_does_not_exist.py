"""A dtype that does not exist."""

import layerkit as lk

lk.ModelSpec(layers=["tanh"], loss="mean_squared_error", optimizer="adam", dtype="float16")

# mypy 5: Argument "dtype" to "ModelSpec" has incompatible type "Literal['float16']"; expected "Literal['float32', 'float64']" [arg-type]
# pyright 5: Argument of type "Literal['float16']" cannot be assigned to parameter "dtype" of type "Literal['float32', 'float64']" in function "__init__" [reportArgumentType]
