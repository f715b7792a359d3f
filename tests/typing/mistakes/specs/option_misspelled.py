"""A misspelled option."""

from layerkit import layers

layers.Dense(unitz=64)

# mypy 5: Unexpected keyword argument "unitz" for "DenseConfig"; did you mean "units"? [call-arg]
# pyright 5: Argument missing for parameter "units" [reportCallIssue]
# pyright 5: No parameter named "unitz" [reportCallIssue]
