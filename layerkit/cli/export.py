"""``layerkit export``: the network of a run in one file."""

from __future__ import annotations

from pathlib import Path

from layerkit.cli.output import say
from layerkit.display.format import byte_count, count
from layerkit.runs.export import ExportFormat, export_run


def export(directory: Path, out: Path, form: ExportFormat | None, *, force: bool) -> int:
    """Export a run, say what was written, and return the exit code.

    Parameters
    ----------
    directory, out, form, force
        Those of `export_run`.
    """
    exported = export_run(directory, out, form, force=force)
    of = f"{count(exported.arrays, 'array')}, {count(exported.values, 'value')}"
    say(f"{out}: {of}, {byte_count(out.stat().st_size)} as {exported.format}")
    return 0
