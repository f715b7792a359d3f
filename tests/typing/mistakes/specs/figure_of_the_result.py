"""The accuracy as an attribute of the result."""

import layerkit as lk

result = lk.train(lk.load_spec("spec.toml"))
print(result.accuracy)

# mypy 6: "Result" has no attribute "accuracy" [attr-defined]
# pyright 6: Cannot access attribute "accuracy" for class "Result" [reportAttributeAccessIssue]
