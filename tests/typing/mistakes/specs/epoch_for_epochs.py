"""`epoch` for `epochs`."""

import layerkit as lk

lk.Training(epoch=3)

# mypy 5: Unexpected keyword argument "epoch" for "Training"; did you mean "epochs"? [call-arg]
# pyright 5: No parameter named "epoch" [reportCallIssue]
