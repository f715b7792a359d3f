"""A regression whose targets happen to be whole numbers."""

import layerkit as lk

X = [[1], [2], [3], [4]]
y = [10, 20, 30, 40]

spec = {
    "layers": [{"type": "dense", "units": 1}],
    "loss": "mean_squared_error",
    "optimizer": {"type": "sgd", "learning_rate": 0.01},
    "training": {"epochs": 5, "batch_size": 2},
}
lk.train(spec, data=(X, y), test=(X, y))
