"""Draws how time grows with the network's size, with matplotlib.

No peer, but matplotlib is from outside as well: see the note in this package's docstring.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median

import matplotlib as mpl
from matplotlib import pyplot as plt

TITLES = {
    "width": "units of two layers, batch 128",
    "depth": "layers of 128 units, batch 128",
    "batch": "examples a batch, two layers of 512",
}
INK, OURS, FLOOR = "#57606a", "#0969da", "#9a6700"


def draw(sweeps: dict[str, list[dict]]) -> plt.Figure:
    """Return the figure: time above, its multiple of the floor below."""
    figure, axes = plt.subplots(2, len(sweeps), figsize=(10, 5.2), sharex="col", sharey="row")
    for column, (name, points) in enumerate(sweeps.items()):
        sizes = [point["size"] for point in points]
        ours = [median(point["layerkit"]) for point in points]
        floor = [median(point["floor"]) for point in points]
        above, below = axes[:, column]
        above.loglog(sizes, ours, "o-", color=OURS, markersize=4, label="Layerkit")
        above.loglog(sizes, floor, "s--", color=FLOOR, markersize=4, label="matrix products alone")
        ratios = [
            [own / base for own, base in zip(point["layerkit"], point["floor"], strict=True)]
            for point in points
        ]
        middle = [median(each) for each in ratios]
        spread = [
            [mid - min(each) for mid, each in zip(middle, ratios, strict=True)],
            [max(each) - mid for mid, each in zip(middle, ratios, strict=True)],
        ]
        below.errorbar(sizes, middle, spread, fmt="o-", color=OURS, markersize=4, capsize=2)
        below.set_xscale("log", base=2)
        below.axhline(1, color=FLOOR, linestyle="--", linewidth=1)
        below.set_xticks(sizes, [f"{size:,}" for size in sizes], fontsize=7)
        below.minorticks_off()
        below.set_ylim(bottom=0)
        above.set_title(TITLES[name], fontsize=9)
        for axis in (above, below):
            axis.grid(visible=True, color=INK, alpha=0.2, linewidth=0.5)
            axis.spines[["top", "right"]].set_visible(False)
    axes[0, 0].set_ylabel("µs a step", fontsize=9)
    axes[1, 0].set_ylabel("multiple of the products' time", fontsize=9)
    axes[0, 0].legend(frameon=False, fontsize=8)
    figure.tight_layout()
    return figure


if __name__ == "__main__":
    source, target = sys.argv[1:]
    mpl.use("agg")
    mpl.rcParams["svg.hashsalt"] = "layerkit"
    results = json.loads(Path(source).read_text("utf-8"))
    draw(results["parts"]["scaling"]["sweeps"]).savefig(
        target, facecolor="white", metadata={"Date": None}
    )
