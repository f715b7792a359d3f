"""Units of a layer of which nothing is known."""

import layerkit as lk

spec = lk.load_spec("spec.toml")
print(spec.layers[0].units)

# mypy 6: "LayerConfig" has no attribute "units" [attr-defined]
# pyright 6: Cannot access attribute "units" for class "AnyLayer" [reportAttributeAccessIssue]
