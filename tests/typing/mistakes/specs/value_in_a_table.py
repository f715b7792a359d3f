"""A value of the wrong type in a table."""

import layerkit as lk

lk.ModelSpec(
    layers=["tanh"],
    loss="mean_squared_error",
    optimizer="adam",
    training={"epochs": 3, "early_stopping": {"patience": "3"}},
)

# mypy 9: Argument "training" to "ModelSpec" has incompatible type "dict[str, object]"; expected "Training | TrainingTable" [arg-type]
# pyright 9: Argument of type "dict[str, int | dict[str, str]]" cannot be assigned to parameter "training" of type "Training | TrainingTable" in function "__init__" [reportArgumentType]
