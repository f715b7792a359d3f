"""Weights that a run does not keep."""

import layerkit as lk

lk.load("runs/a", "first")

# mypy 5: Argument 2 to "load" has incompatible type "Literal['first']"; expected "Literal['last', 'best']" [arg-type]
# pyright 5: Argument of type "Literal['first']" cannot be assigned to parameter "which" of type "Literal['last', 'best']" in function "load" [reportArgumentType]
