"""One override without a list."""

import layerkit as lk

lk.load_spec("spec.toml", "training.epochs=3")
