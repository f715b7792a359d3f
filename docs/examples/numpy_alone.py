"""Predict from an exported network of dense and tanh layers, with nothing but NumPy."""

import json
import sys

import numpy as np
from numpy.typing import NDArray


def predict(file: str, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probability of each class for each input."""
    with np.load(file) as network:  # no pickle is needed
        about = json.loads(network["layerkit.json"])
        y = inputs * np.float32(about["scale"])
        for layer in about["layers"]:
            path = layer["path"]
            if layer["type"] == "dense":
                y = y @ network[f"{path}.weight"] + network[f"{path}.bias"]
            elif layer["type"] == "tanh":
                y = np.tanh(y)
            elif layer["type"] != "dropout":  # which only training knows
                raise ValueError(f"{path}: this example knows no layer of type {layer['type']}")
    e: NDArray[np.float32] = np.exp(y - y.max(axis=-1, keepdims=True))
    e /= e.sum(axis=-1, keepdims=True)  # softmax
    return e


if __name__ == "__main__":
    print(predict(sys.argv[1], np.array([[float(each) for each in sys.argv[2:]]], np.float32)))
