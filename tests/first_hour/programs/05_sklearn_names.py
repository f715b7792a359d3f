"""Class names as targets and lists as data, as scikit-learn takes them."""

import layerkit as lk

X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]] * 10
y = ["same", "different", "different", "same"] * 10

spec = {
    "layers": [{"type": "dense", "units": 16}, "tanh", {"type": "dense", "units": 2}],
    "loss": "softmax_cross_entropy",
    "optimizer": {"type": "adam", "learning_rate": 0.05},
    "training": {"epochs": 20, "batch_size": 8},
}
result = lk.train(spec, data=(X, y), test=(X, y))
names = result.network.class_names
print(names)
print([names[i] for i in result.network.predict([[0, 1], [1, 1]]).argmax(axis=1)])
