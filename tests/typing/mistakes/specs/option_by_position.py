"""An option by its position."""

from layerkit import layers

layers.Dense(64)

# mypy 5: Argument 1 to "DenseConfig" has incompatible type "int"; expected "str | None" [arg-type]
# mypy 5: Missing named argument "units" for "DenseConfig" [call-arg]
# mypy 5: Too many positional arguments for "DenseConfig" [call-arg]
# pyright 5: Expected 0 positional arguments [reportCallIssue]
