"""Early stopping as the number of epochs to wait."""

import layerkit as lk

lk.Training(early_stopping=5)

# mypy 5: Argument "early_stopping" to "Training" has incompatible type "int"; expected "EarlyStopping | None" [arg-type]
# pyright 5: Argument of type "Literal[5]" cannot be assigned to parameter "early_stopping" of type "EarlyStopping | None" in function "__init__" [reportArgumentType]
