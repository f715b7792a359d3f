"""What is said of a spec that breaks a rule."""

from __future__ import annotations

import contextlib
from functools import cache
from importlib.metadata import EntryPoint, distributions
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from layerkit.errors import LayerkitError
from layerkit.plan.network import plan_network
from layerkit.plan.warnings import warnings_of
from layerkit.registry import Registry
from layerkit.rules.rule import Rule
from layerkit.spec.diagnostics import lines_of
from layerkit.spec.loading import load_document, validate
from layerkit.spec.parsing import MAX_BYTES


def said_of_example(rule: Rule, text: str) -> str:
    """Return what is said of the example of a rule."""
    if rule.name == "too-large":
        text += "#" * MAX_BYTES
    return said_of(text, rule.suffix)


def said_of(text: str, suffix: str = "toml") -> str:
    """Return what is said of a spec, in a directory with the data that it may name.

    Parameters
    ----------
    text, suffix
        Of the file, which is called ``spec``.
    """
    with TemporaryDirectory() as directory, contextlib.chdir(directory):
        path = Path(f"spec.{suffix}")
        path.write_text(text, encoding="utf-8")
        _write_data(Path())
        try:
            document = load_document(path)
            registry = _with_plugin()
            plan = plan_network(validate(document, (), registry), document.source)
            found = warnings_of(plan, document.table, registry)
            lines = lines_of(document.source, found)
        except LayerkitError as error:
            lines = error.lines or [f"error: {error}"]
    here = f"{Path(directory).resolve()}/"
    return "".join(f"{line}\n" for line in lines).replace(here, "")


@cache
def _with_plugin() -> Registry:
    """Return all that is installed, and a layer that was renamed."""
    value = "docs.examples.plugins.renamed:ScaledTanh"
    points = [point for each in distributions() for point in each.entry_points]
    points.append(EntryPoint("scaled_tanh", value, "layerkit.layers"))
    points.append(EntryPoint("stretched_tanh", value, "layerkit.layers.former"))
    return Registry(points)


def _write_data(directory: Path) -> None:
    """Write ``bytes.npz``, whose inputs are unsigned bytes, and a table that lacks a value."""
    inputs, targets = np.zeros((200, 4), np.uint8), np.arange(200) % 3
    np.savez(directory / "bytes.npz", train_inputs=inputs, train_targets=targets)
    rows = "".join(f"{number},{'ab'[number % 2]}\n" for number in range(1, 200))
    text = f"size,kind\n,a\n{rows}"
    (directory / "missing_values.csv").write_text(text, encoding="utf-8")
