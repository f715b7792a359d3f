"""A layer by its name in PyTorch."""

from layerkit import layers

layers.Linear(units=64)

# mypy 5: Module has no attribute "Linear" [attr-defined]
# pyright 5: "Linear" is not a known attribute of module "layerkit.layers" [reportAttributeAccessIssue]
