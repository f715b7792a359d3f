"""The figures of a result, under the name that they have in Keras."""

import layerkit as lk

x, y = [[0.0], [1.0]], [0, 1]
spec = {
    "layers": [{"type": "dense", "units": 2}],
    "loss": "softmax_cross_entropy",
    "optimizer": "adam",
    "metrics": ["accuracy"],
    "training": {"epochs": 1, "batch_size": 2},
}
result = lk.train(spec, data=(x, y), test=(x, y))
print(result.metrics["accuracy"])
