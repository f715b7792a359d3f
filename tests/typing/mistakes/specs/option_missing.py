"""A required option is missing."""

from layerkit import layers

layers.Dense()

# mypy 5: Missing named argument "units" for "DenseConfig" [call-arg]
# pyright 5: Argument missing for parameter "units" [reportCallIssue]
