"""``layerkit validate``: specs, one after another, good or not."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from layerkit.cli.output import report_error, say
from layerkit.cli.specs import planned_start
from layerkit.display.describe import size_text
from layerkit.errors import LayerkitError


def validate_specs(paths: Iterable[Path], *, strict: bool = False) -> int:
    """Print what is to be said of each spec; return the exit code of the first bad one, or 0.

    Warnings are errors if it is strict.
    """
    exit_code = 0
    for path in paths:
        try:
            plan, _ = planned_start(path, strict=strict)
        except LayerkitError as error:
            # What plugins and data say does not name the spec.
            report_error(error, str(path))
            exit_code = exit_code or error.exit_code
        else:
            say(f"{path}: ok ({size_text(plan)})")
    return exit_code
