"""A tie without what it shares."""

import layerkit as lk

lk.Tie(parameter="dense_2.weight")

# mypy 5: Missing named argument "shares" for "Tie" [call-arg]
# pyright 5: Argument missing for parameter "shares" [reportCallIssue]
