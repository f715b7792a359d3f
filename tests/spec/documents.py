"""A spec that tests change here and there, and what is then wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from layerkit.registry import Registry
from layerkit.spec.diagnostics import SpecError
from layerkit.spec.loading import parse_document, validate
from layerkit.spec.models import ModelSpec
from layerkit.spec.plan import plan_spec

SPEC = """
seed = 1
metrics = ["accuracy"]
layers = [{type = "dense", units = 8}, "tanh", "dropout", {type = "dense", units = 3}]
regularizers = [{type = "l2", strength = 1e-3}, {type = "l1", strength = 1e-4}]
loss = "softmax_cross_entropy"
data = {type = "blobs", train_per_class = 50, test_per_class = 20, validation = 30}
optimizer = {type = "sgd", learning_rate = 0.1, momentum = 0.9}
training = {epochs = 3, batch_size = 16}
"""


def spec_of(*overrides: str, text: str = SPEC, registry: Registry | None = None) -> ModelSpec:
    return validate(parse_document(text, "toml", "spec.toml", Path()), overrides, registry)


def problems(*overrides: str, text: str = SPEC, registry: Registry | None = None) -> list[str]:
    """Return what is said about a spec that is not valid, or cannot be planned."""
    with pytest.raises(SpecError) as caught:
        plan_spec(spec_of(*overrides, text=text, registry=registry))
    assert caught.value.exit_code == 2
    return [str(problem) for problem in caught.value.problems]


def install(site: Path, source: str, **names: str) -> Registry:
    """Install a plugin, one class for each name of a kind, and return all that is installed then.

    Every test needs a directory of its own that modules are imported from.
    """
    module = f"plugin_in_{site.name}"
    (site / f"{module}.py").write_text(source, encoding="utf-8")
    info = site / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    lines = [f"[layerkit.{kind}]\n{name} = {module}:{name}" for kind, name in names.items()]
    (info / "entry_points.txt").write_text("\n".join(lines))
    return Registry()
