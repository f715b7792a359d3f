"""``layerkit validate``: specs, one after another, good or not."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from layerkit.cli.output import report, say
from layerkit.display.describe import size_text
from layerkit.engine.starting import read_start
from layerkit.errors import LayerkitError
from layerkit.plan.network import plan_network
from layerkit.spec.loading import load_spec


def validate_specs(paths: Iterable[Path]) -> int:
    """Print what is to be said of each spec; return the exit code of the first bad one, or 0."""
    exit_code = 0
    for path in paths:
        try:
            plan = plan_network(load_spec(path), str(path))
            read_start(plan, str(path))
        except LayerkitError as error:
            # What plugins and data say does not name the spec.
            message = str(error)
            report(message if str(path) in message else f"{path}: {message}")
            exit_code = exit_code or error.exit_code
        else:
            say(f"{path}: ok ({size_text(plan)})")
    return exit_code
