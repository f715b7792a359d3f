"""`lr` for `learning_rate`."""

from layerkit import optimizers

optimizers.Adam(lr=0.01)

# mypy 5: Unexpected keyword argument "lr" for "AdamConfig" [call-arg]
# pyright 5: No parameter named "lr" [reportCallIssue]
