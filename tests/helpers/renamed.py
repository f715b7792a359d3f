"""A plugin whose layer, and an option of it, were renamed; see docs/examples/plugins."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, distributions
from pathlib import Path

from layerkit.registry import Registry
from tests.helpers.plugins import install

TARGET = "docs.examples.plugins.renamed:ScaledTanh"
POINTS = f"""
[layerkit.layers]
scaled_tanh = {TARGET}

[layerkit.layers.former]
stretched_tanh = {TARGET}
"""
SPEC = """
layers = [{ type = "dense", units = 1 }, "stretched_tanh", { type = "scaled_tanh", factor = 2 }]
loss = "mean_squared_error"
optimizer = "adam"
data = { type = "friedman", features = 5, validation = 100 }
"""


@cache
def with_renamed() -> Registry:
    """Return all that is installed, and the plugin."""
    points = [point for each in distributions() for point in each.entry_points]
    points.append(EntryPoint("scaled_tanh", TARGET, "layerkit.layers"))
    points.append(EntryPoint("stretched_tanh", TARGET, "layerkit.layers.former"))
    return Registry(points)


def install_renamed(site: Path) -> None:
    """Write what an installer writes about the plugin."""
    install(site, "layerkit-scaled-tanh", POINTS, version="2.0")
