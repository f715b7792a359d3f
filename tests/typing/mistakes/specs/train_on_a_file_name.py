"""`train` of a file's name."""

import layerkit as lk

lk.train("spec.toml")

# mypy 5: Argument 1 to "train" has incompatible type "str"; expected "ModelSpec | NetworkPlan | Mapping[str, object]" [arg-type]
# pyright 5: Argument of type "Literal['spec.toml']" cannot be assigned to parameter "spec" of type "ModelSpec | NetworkPlan | Mapping[str, object]" in function "train" [reportArgumentType]
