"""A network saved as in Keras."""

import layerkit as lk

spec = {"layers": [{"type": "dense", "units": 2}], "loss": "softmax_cross_entropy", "optimizer": "adam"}
network = lk.build(spec, data=([[0.0, 1.0]] * 40, [0, 1] * 20))
network.save("model.h5")
