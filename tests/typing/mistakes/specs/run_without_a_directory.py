"""`run` without a directory."""

import layerkit as lk

lk.run(lk.load_spec("spec.toml"))

# mypy 5: Missing positional argument "directory" in call to "run" [call-arg]
# pyright 5: Argument missing for parameter "directory" [reportCallIssue]
