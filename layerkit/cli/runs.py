"""``layerkit runs``: a table of runs with their results."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.table import Table

from layerkit.cli.output import report, say, terminal_width, wrapped
from layerkit.cli.tables import fits, show
from layerkit.display.format import duration, figures
from layerkit.display.tables import new_table
from layerkit.formats.json_text import json_text
from layerkit.runs.directory import RUNS
from layerkit.runs.listing import NoRun, find_runs
from layerkit.runs.results import RunResults
from layerkit.values import is_list, is_table

_COLUMNS = ("run", "network", "status", "epochs", "best", "test", "time", "started")
_LEFT_OUT_FIRST = ("network", "started", "time")
_WRAPS = ("network", "test")


def list_runs(directories: Sequence[Path], *, as_json: bool) -> int:
    """Print what is known of runs, and return the exit code.

    Parameters
    ----------
    directories
        Where to look; none: below ``runs``.
    as_json
        Whether other programs will read it.
    """
    found = find_runs(directories)
    runs = [each for each in found if isinstance(each, RunResults)]
    others = [each for each in found if isinstance(each, NoRun)]
    if as_json:
        broken = [{"directory": str(each.directory), "reason": each.reason} for each in others]
        facts = [{**each.facts(), "spec": each.spec, "manifest": each.manifest} for each in runs]
        say(json_text({"runs": facts, "others": broken}, indent=2))
        return 0
    if runs:
        _show(runs, directories)
    else:
        where = ", ".join(map(str, directories)) or f"the directory '{RUNS}'"
        say(f"no runs in {where}; 'layerkit run SPEC' makes one")
    for each in others:
        report(each.reason, label="note")
    return 0


def _show(runs: Sequence[RunResults], directories: Sequence[Path]) -> None:
    """Print a table, without its least important columns where they do not fit."""
    root = directories[0] if len(directories) == 1 else None if directories else RUNS
    columns, left_out = [*_COLUMNS], list[str]()
    while not fits(table := _table(runs, columns, root)) and len(left_out) < len(_LEFT_OUT_FIRST):
        left_out.append(_LEFT_OUT_FIRST[len(left_out)])
        columns.remove(left_out[-1])
    if not fits(table):
        table, left_out = _table(runs, _COLUMNS, root), []  # a list has room for all
    show(table)
    if left_out:
        text = f"without {', '.join(left_out)}: a wider terminal or --json shows them"
        say("")
        say(wrapped(text, terminal_width(sys.stdout), 0))


def _table(runs: Sequence[RunResults], columns: Sequence[str], root: Path | None) -> Table:
    table = new_table(dict.fromkeys(columns, ""), right=("epochs",), wraps=_WRAPS)
    for run in runs:
        cells = {
            "run": _name(run.directory, root),
            "network": _network(run.spec),
            "status": run.status,
            "epochs": str(run.epochs),
            "best": _best(run),
            "test": figures(run.test),
            "time": "" if run.seconds is None else duration(run.seconds),
            "started": _local(run.started),
        }
        table.add_row(*(cells[column] for column in columns))
    return table


def _best(run: RunResults) -> str:
    """Return the best epoch and the figure that says so."""
    by = run.best_by
    if run.best_epoch is None:
        return ""
    return f"{run.best_epoch}: {figures({by: run.validation[by]} if by in run.validation else {})}"


def _name(directory: Path, root: Path | None) -> str:
    if root is None or directory == root:
        return str(directory)
    return str(directory.relative_to(root))


def _network(spec: dict[str, object]) -> str:
    """Return dataset and layers by type, as far as a spec's table has them."""
    data, layers = spec.get("data"), spec.get("layers")
    names = [_type(each) for each in layers] if is_list(layers) else []
    return f"{_type(data)}: {', '.join(names)}"


def _type(table: object) -> str:
    return str(table.get("type", "?")) if is_table(table) else "?"


def _local(started: str) -> str:
    """Return a time as ISO 8601 writes it as ``2026-11-24 16:46`` of this place."""
    try:
        return f"{datetime.fromisoformat(started).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return started
