"""Train on a CSV table; move the run, and predict from columns and records by their names."""

import tempfile
from pathlib import Path

import numpy as np

import layerkit as lk

rng = np.random.default_rng(0)
rows = [
    f"{('daisy', 'rose')[label]},{rng.normal(4 * label):.2f},north"
    for label in rng.integers(0, 2, 200)
]

with tempfile.TemporaryDirectory() as name:
    table = Path(name, "flowers.csv")
    table.write_text("\n".join(["species,length,site", *rows]))
    spec = {
        "data": {
            "type": "csv",
            "path": table,
            "target": "species",
            "classes": ["daisy", "rose"],
            "columns": {
                "length": "number",
                "site": {"type": "category", "categories": ["north", "south"]},
            },
        },
        "layers": ["standardize", {"type": "dense", "units": 2}],
        "loss": "softmax_cross_entropy",
        "optimizer": {"type": "adam", "learning_rate": 0.05},
        "training": {"epochs": 20},
    }
    lk.run(spec, Path(name, "run"))
    table.unlink()
    network = lk.load(Path(name, "run").rename(Path(name, "moved")))

print(network.predict_classes({"site": ["north", "south"], "length": [-1.0, 5.0]}))
print(network.predict([{"length": 5.0, "site": "north", "id": 17}]).round())
try:
    network.predict({"lenght": [5.0], "site": ["north"]})
except lk.DataError as error:
    print(error)
