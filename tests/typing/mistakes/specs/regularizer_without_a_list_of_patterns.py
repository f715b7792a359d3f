"""One pattern without a tuple."""

from layerkit import regularizers

regularizers.L2(strength=1e-4, parameters="*.weight")

# mypy 5: Argument "parameters" to "L2Config" has incompatible type "str"; expected "tuple[str, ...] | None" [arg-type]
# pyright 5: Argument of type "Literal['*.weight']" cannot be assigned to parameter "parameters" of type "Patterns | None" in function "__init__" [reportArgumentType]
