"""Load a spec, train it, predict; then write the same kind of spec in Python."""

import layerkit as lk
from layerkit import datasets, layers, losses, optimizers

spec = lk.load_spec("specs/spirals.toml", ["training.epochs=60"])
result = lk.train(spec)
print(f"test accuracy {result.test['accuracy']:.0%}")

same = lk.ModelSpec(
    seed=7,
    data=datasets.Spirals(classes=3),
    layers=[layers.Dense(units=64), layers.Tanh(), layers.Dense(units=3)],
    loss=losses.SoftmaxCrossEntropy(),
    optimizer=optimizers.SGD(learning_rate=0.1, momentum=0.9),
    training=lk.Training(epochs=30, batch_size=32),
)
network = lk.build(same)
test = lk.load_data(network.plan).test
if test is not None:
    print(network.predict(test.inputs[:2]).shape)
    print(network.parameters["dense_1.weight"].shape)
