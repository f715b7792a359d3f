"""History by the name of a figure, as in Keras."""

import layerkit as lk

result = lk.train(lk.load_spec("spec.toml"))
print(result.history["loss"])

# mypy 6: No overload variant of "__getitem__" of "tuple" matches argument type "str" [call-overload]
# pyright 6: Argument of type "Literal['loss']" cannot be assigned to parameter "key" of type "slice[SupportsIndex | None, SupportsIndex | None, SupportsIndex | None]" in function "__getitem__" [reportArgumentType]
# pyright 6: No overloads for "__getitem__" match the provided arguments [reportCallIssue]
