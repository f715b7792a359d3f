"""What is read from files and by name: specs, plans, the registry, errors."""

import layerkit as lk
from layerkit.plugin import LAYERS

spec = lk.parse_spec(
    """
    layers = [{ type = "dense", units = 3 }]
    loss = "softmax_cross_entropy"
    optimizer = "adam"
    data = { type = "spirals" }
    """
)
plan = lk.plan_network(spec)
units = [layer.plan.output for layer in plan.layers]
warned = [problem.hint for problem in lk.warnings_of(spec)]
names: list[str] = lk.installed().names(LAYERS)
text: str = lk.to_toml(spec)
try:
    lk.load_spec("nowhere.toml", ["training.epochs=3"])
except lk.FileError as error:
    code: int = error.exit_code
try:
    lk.parse_spec("layers = 3")
except lk.SpecError as error:
    told = [str(problem) for problem in error.problems]
