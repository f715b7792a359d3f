"""``layerkit summary``: layers and memory of a spec as tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from layerkit.cli.output import say, say_facts
from layerkit.cli.specs import planned
from layerkit.cli.tables import show
from layerkit.display.describe import data_text, size_text
from layerkit.display.summary import tables
from layerkit.engine.chains import CAPACITY


def show_summary(path: Path, overrides: Iterable[str]) -> None:
    """Print all that is known of a spec before its data are read."""
    plan = planned(path, overrides)
    say_facts({"spec": str(path), "network": size_text(plan), "data": data_text(plan)})
    for table in tables(plan, CAPACITY):
        say("")
        show(table)
