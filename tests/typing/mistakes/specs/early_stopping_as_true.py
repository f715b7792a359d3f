"""Early stopping as True."""

import layerkit as lk

lk.Training(early_stopping=True)

# mypy 5: Argument "early_stopping" to "Training" has incompatible type "bool"; expected "EarlyStopping | None" [arg-type]
# pyright 5: Argument of type "Literal[True]" cannot be assigned to parameter "early_stopping" of type "EarlyStopping | None" in function "__init__" [reportArgumentType]
