"""`weight_decay` of Adam."""

from layerkit import optimizers

optimizers.Adam(weight_decay=0.01)

# mypy 5: Unexpected keyword argument "weight_decay" for "AdamConfig" [call-arg]
# pyright 5: No parameter named "weight_decay" [reportCallIssue]
