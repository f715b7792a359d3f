"""`fit` of a network."""

import layerkit as lk

lk.load("runs/a").fit([[1.0]], [0])

# mypy 5: "Network" has no attribute "fit" [attr-defined]
# pyright 5: Cannot access attribute "fit" for class "Network" [reportAttributeAccessIssue]
