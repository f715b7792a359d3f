"""Epochs as text."""

import layerkit as lk

lk.Training(epochs="3")

# mypy 5: Argument "epochs" to "Training" has incompatible type "str"; expected "int" [arg-type]
# pyright 5: Argument of type "Literal['3']" cannot be assigned to parameter "epochs" of type "int" in function "__init__" [reportArgumentType]
