"""`train_loss` of an epoch."""

import layerkit as lk

result = lk.train(lk.load_spec("spec.toml"))
print(result.history[0].train_loss)

# mypy 6: "EpochEnded" has no attribute "train_loss" [attr-defined]
# pyright 6: Cannot access attribute "train_loss" for class "EpochEnded" [reportAttributeAccessIssue]
