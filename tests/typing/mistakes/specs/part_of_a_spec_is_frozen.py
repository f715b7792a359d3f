"""A part of a spec is changed."""

import layerkit as lk

spec = lk.load_spec("spec.toml")
spec.training.epochs = 3

# mypy 6: Property "epochs" defined in "Training" is read-only [misc]
# pyright 6: Cannot assign to attribute "epochs" for class "Training" [reportAttributeAccessIssue]
