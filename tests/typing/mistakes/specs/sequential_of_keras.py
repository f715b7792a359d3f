"""`Sequential` at the top, as in Keras."""

import layerkit as lk

lk.Sequential(["tanh"])

# mypy 5: Module has no attribute "Sequential" [attr-defined]
# pyright 5: "Sequential" is not a known attribute of module "layerkit" [reportAttributeAccessIssue]
