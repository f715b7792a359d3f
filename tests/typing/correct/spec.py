"""A spec of configs, of names and of tables."""

from pathlib import Path

from layerkit_convolution.conv2d import Conv2dConfig

import layerkit as lk
from layerkit import (
    datasets,
    initializers,
    layers,
    losses,
    metrics,
    optimizers,
    regularizers,
    schedules,
)

spec = lk.ModelSpec(
    seed=1,
    dtype="float64",
    layers=[
        layers.Dense(units=8, weight_initializer=initializers.Normal(deviation=0.1)),
        layers.Residual(layers=(layers.Dense(units=8), layers.Tanh())),
        "tanh",
        {"type": "dense", "units": 3},
    ],
    data=datasets.Spirals(train_per_class=50, validation=0.2),
    loss=losses.SoftmaxCrossEntropy(label_smoothing=0.1),
    regularizers=[regularizers.L2(strength=1e-4, parameters=("*.weight",))],
    optimizer=optimizers.SGD(learning_rate=0.1, momentum=0.9, schedule=schedules.Cosine(epochs=3)),
    metrics=[metrics.Accuracy(), "f1"],
    training=lk.Training(epochs=3, batch_size="full", early_stopping=lk.EarlyStopping(patience=2)),
    checkpoints={"every_epochs": 1},
    silence=["LK110"],
)
image = Conv2dConfig(filters=8, kernel_size=3, padding="same")
table = datasets.Csv(
    path=Path("flowers.csv"),
    target=("species",),
    classes=("daisy", "rose"),
    columns={
        "length": lk.NumberColumn(),
        "site": lk.CategoryColumn(categories=("north", "south"), unknown="other"),
    },
    fold=lk.Fold(number=1, of=10),
)
