"""A callback that is written in Python, in a spec."""

import layerkit as lk


class Mine(lk.Callback):
    pass


lk.ModelSpec(layers=["tanh"], loss="mean_squared_error", optimizer="adam", callbacks=[Mine()])

# mypy 10: List item 0 has incompatible type "Mine"; expected "CallbackConfig | Mapping[str, object] | str" [list-item]
# pyright 10: Argument of type "list[Mine]" cannot be assigned to parameter "callbacks" of type "Sequence[CallbackConfig | Table | str]" in function "__init__" [reportArgumentType]
