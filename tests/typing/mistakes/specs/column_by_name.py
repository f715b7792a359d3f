"""The name of a column's type as an option's value."""

import layerkit as lk

lk.CategoryColumn(categories=("a", "b"), encoding="onehot")

# mypy 5: Argument "encoding" to "CategoryColumn" has incompatible type "Literal['onehot']"; expected "Literal['one_hot', 'index']" [arg-type]
# pyright 5: Argument of type "Literal['onehot']" cannot be assigned to parameter "encoding" of type "Literal['one_hot', 'index']" in function "__init__" [reportArgumentType]
