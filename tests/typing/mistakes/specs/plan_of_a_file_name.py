"""`plan_network` of a file's name."""

import layerkit as lk

lk.plan_network("spec.toml")

# mypy 5: Argument 1 to "plan_network" has incompatible type "str"; expected "ModelSpec | Mapping[str, object]" [arg-type]
# pyright 5: Argument of type "Literal['spec.toml']" cannot be assigned to parameter "spec" of type "ModelSpec | Mapping[str, object]" in function "plan_network" [reportArgumentType]
