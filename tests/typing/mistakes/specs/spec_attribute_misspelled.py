"""What a spec does not have."""

import layerkit as lk

spec = lk.load_spec("spec.toml")
print(spec.epochs)

# mypy 6: "ModelSpec" has no attribute "epochs" [attr-defined]
# pyright 6: Cannot access attribute "epochs" for class "ModelSpec" [reportAttributeAccessIssue]
