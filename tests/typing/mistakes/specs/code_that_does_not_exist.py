"""A code of a warning that does not exist."""

import layerkit as lk

lk.ModelSpec(layers=["tanh"], loss="mean_squared_error", optimizer="adam", silence=["LK999"])

# mypy 5: List item 0 has incompatible type "Literal['LK999']"; expected "Literal['LK101', ...]" [list-item]
# pyright 5: Argument of type "list[str]" cannot be assigned to parameter "silence" of type "Sequence[WarningCode]" in function "__init__" [reportArgumentType]
