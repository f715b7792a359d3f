"""A misspelled layer."""

from layerkit import layers

layers.Dens(units=64)

# mypy 5: Module has no attribute "Dens"; maybe "Dense"? [attr-defined]
# pyright 5: "Dens" is not a known attribute of module "layerkit.layers" [reportAttributeAccessIssue]
