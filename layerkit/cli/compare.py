"""``layerkit compare``: what differs between runs, in columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from layerkit.cli.output import say
from layerkit.cli.tables import show
from layerkit.display.format import duration, figure
from layerkit.display.tables import new_table
from layerkit.errors import UsageError
from layerkit.formats.json_text import json_text
from layerkit.runs.comparing import environment_differences, spec_differences
from layerkit.runs.results import RunResults

_LONGEST = 40
"""Longer values, such as checksums and lists, are cut."""


def compare_runs(directories: Sequence[Path], *, as_json: bool) -> int:
    """Print what differs between runs, and return the exit code.

    Parameters
    ----------
    directories
        Of the runs, two at least.
    as_json
        Whether other programs will read it.
    """
    if len(directories) < 2:
        raise UsageError("expected two run directories or more, found one")
    runs = [RunResults.read(directory) for directory in directories]
    spec, environment = spec_differences(runs), environment_differences(runs)
    if as_json:
        results = [run.facts() for run in runs]
        facts = {"runs": results, "spec": spec, "environment": environment}
        say(json_text(facts, indent=2))
        return 0
    names = _names(directories)
    _show("spec", names, _texts(spec), "the specs are the same")
    say("")
    _show("result", names, _results(runs), "")
    say("")
    _show("environment", names, _texts(environment), "versions, machine and data are the same")
    return 0


def _names(directories: Sequence[Path]) -> list[str]:
    """Return the names of directories, with what is above them where these are the same."""
    names = [directory.resolve().name for directory in directories]
    return names if len(set(names)) == len(names) else [str(each) for each in directories]


def _show(what: str, names: Sequence[str], rows: Mapping[str, Sequence[str]], none: str) -> None:
    if not rows:
        say(none)
        return
    columns = [what, *names] if len({what, *names}) > len(names) else [f"({what})", *names]
    table = new_table(dict.fromkeys(columns, ""))
    for name, cells in rows.items():
        table.add_row(name, *cells)
    show(table)


def _texts(rows: Mapping[str, Sequence[object]]) -> dict[str, list[str]]:
    return {path: [_text(value) for value in values] for path, values in rows.items()}


def _text(value: object) -> str:
    """Return a value as TOML has it; a dash for none."""
    text = "-" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]} ..."


def _results(runs: Sequence[RunResults]) -> dict[str, list[str]]:
    """Return status, figures and time of every run by what they are."""
    rows = {
        "status": [run.status for run in runs],
        "epochs": [str(run.epochs) for run in runs],
        "best epoch": ["-" if run.best_epoch is None else str(run.best_epoch) for run in runs],
    }
    rows |= _figures("validation", runs, lambda run: run.validation)
    rows |= _figures("test", runs, lambda run: run.test)
    times = ["-" if run.seconds is None else duration(run.seconds) for run in runs]
    return {**rows, "time": times}


def _figures(
    part: str, runs: Sequence[RunResults], of: Callable[[RunResults], Mapping[str, float]]
) -> dict[str, list[str]]:
    found = [of(run) for run in runs]
    names = sorted({name: None for each in found for name in each}, key=lambda name: name == "loss")
    return {
        f"{part} {name}": [figure(name, each[name]) if name in each else "-" for each in found]
        for name in names
    }
