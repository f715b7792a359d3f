"""`predict` of a result."""

import layerkit as lk

lk.train(lk.load_spec("spec.toml")).predict([[1.0]])

# mypy 5: "Result" has no attribute "predict" [attr-defined]
# pyright 5: Cannot access attribute "predict" for class "Result" [reportAttributeAccessIssue]
