"""An unknown key in the table of a section."""

import layerkit as lk

lk.ModelSpec(layers=["tanh"], loss="mean_squared_error", optimizer="adam", training={"epoch": 3})

# mypy 5: Argument "training" to "ModelSpec" has incompatible type "dict[str, int]"; expected "Training | TrainingTable" [arg-type]
# pyright 5: Argument of type "dict[str, int]" cannot be assigned to parameter "training" of type "Training | TrainingTable" in function "__init__" [reportArgumentType]
