"""A spec is changed."""

import layerkit as lk

spec = lk.load_spec("spec.toml")
spec.seed = 2

# mypy 6: Property "seed" defined in "ModelSpec" is read-only [misc]
# pyright 6: Cannot assign to attribute "seed" for class "ModelSpec" [reportAttributeAccessIssue]
