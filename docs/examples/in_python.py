"""Load a spec, train it, predict; then build the same kind of spec from typed objects."""

import layerkit as lk
from layerkit.builtin.dense import DenseConfig
from layerkit.builtin.sgd import SgdConfig
from layerkit.builtin.softmax_cross_entropy import SoftmaxCrossEntropyConfig
from layerkit.builtin.spirals import SpiralsConfig
from layerkit.builtin.tanh import TanhConfig

spec = lk.load_spec("specs/spirals.toml", ["training.epochs=60"])
result = lk.train(spec)
print(f"test accuracy {result.test['accuracy']:.0%}")

same = lk.ModelSpec(
    seed=7,
    data=SpiralsConfig(classes=3),
    layers=(DenseConfig(units=64), TanhConfig(), DenseConfig(units=3)),
    loss=SoftmaxCrossEntropyConfig(),
    optimizer=SgdConfig(learning_rate=0.1, momentum=0.9),
    training=lk.Training(epochs=30, batch_size=32),
)
network = lk.build(same)
test = lk.load_data(network.plan).test
if test is not None:
    print(network.predict(test.inputs[:2]).shape)
    print(network.parameters["dense_1.weight"].shape)
