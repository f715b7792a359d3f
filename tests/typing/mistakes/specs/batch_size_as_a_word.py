"""A batch size that is no number."""

import layerkit as lk

lk.Training(batch_size="all")

# mypy 5: Argument "batch_size" to "Training" has incompatible type "Literal['all']"; expected "int | Literal['full']" [arg-type]
# pyright 5: Argument of type "Literal['all']" cannot be assigned to parameter "batch_size" of type "BatchSize" in function "__init__" [reportArgumentType]
