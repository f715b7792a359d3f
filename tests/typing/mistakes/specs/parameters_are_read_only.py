"""A parameter is replaced in the mapping of a network."""

import layerkit as lk

import numpy as np

network = lk.load("runs/a")
network.parameters["dense_1.weight"] = np.zeros((3, 3))

# mypy 8: Unsupported target for indexed assignment ("Mapping[str, ndarray[...]]") [index]
# pyright 8: "__setitem__" method not defined on type "Mapping[str, Array]" [reportIndexIssue]
