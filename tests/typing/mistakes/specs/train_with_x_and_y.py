"""Inputs and targets by position."""

import layerkit as lk

import numpy as np

x, y = np.zeros((9, 2)), np.zeros(9)
lk.train(lk.load_spec("spec.toml"), x, y)

# mypy 8: Argument 2 to "train" has incompatible type "ndarray[...]"; expected "Sequence[Callback]" [arg-type]
# mypy 8: Argument 3 to "train" has incompatible type "ndarray[...]"; expected "tuple[_Buffer | _SupportsArray[dtype[...]] | _NestedSequence[_SupportsArray[dtype[...]]] | complex | bytes | str | _NestedSequence[complex | bytes | str], _Buffer | _SupportsArray[dtype[...]] | _NestedSequence[_SupportsArray[dtype[...]]] | complex | bytes | str | _NestedSequence[complex | bytes | str]] | tuple[_Buffer | _SupportsArray[dtype[...]] | _NestedSequence[_SupportsArray[dtype[...]]] | complex | bytes | str | _NestedSequence[complex | bytes | str], _Buffer | _SupportsArray[dtype[...]] | _NestedSequence[_SupportsArray[dtype[...]]] | complex | bytes | str | _NestedSequence[complex | bytes | str], _Buffer | _SupportsArray[dtype[...]] | _NestedSequence[_SupportsArray[dtype[...]]] | complex | bytes | str | _NestedSequence[complex | bytes | str]] | None" [arg-type]
# mypy 8: Too many positional arguments for "train" [call-arg]
# pyright 8: Expected 2 positional arguments [reportCallIssue]
