"""A choice that does not exist."""

import layerkit as lk

lk.ModelSpec(layers=["tanh"], loss="mean_squared_error", optimizer="adam", kernels="fast")

# mypy 5: Argument "kernels" to "ModelSpec" has incompatible type "Literal['fast']"; expected "Literal['numpy', 'exact', 'fastest']" [arg-type]
# pyright 5: Argument of type "Literal['fast']" cannot be assigned to parameter "kernels" of type "Literal['numpy', 'exact', 'fastest']" in function "__init__" [reportArgumentType]
