"""The best epoch, which may not be there."""

import layerkit as lk

result = lk.train(lk.load_spec("spec.toml"))
print(result.best.epoch)

# mypy 6: Item "None" of "BestEpoch | None" has no attribute "epoch" [union-attr]
# pyright 6: "epoch" is not a known attribute of "None" [reportOptionalMemberAccess]
