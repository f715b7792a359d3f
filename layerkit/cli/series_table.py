"""Runs of one spec side by side: a row for each, then mean and spread of their figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.table import Table

from layerkit.display.format import count, duration, figure
from layerkit.display.tables import new_table
from layerkit.runs.results import RunResults
from layerkit.runs.series import Spread, spreads_of

_HEADINGS = {"validation": "val.", "test": "test"}
_SUMS: Mapping[str, Callable[[Spread], float | None]] = {
    "mean": lambda spread: spread.mean,
    "std. dev.": lambda spread: spread.standard_deviation,
    "min": lambda spread: spread.minimum,
    "max": lambda spread: spread.maximum,
}


def series_table(kind: str, values: Sequence[str], results: Sequence[RunResults]) -> Table:
    """Return a row for every run and, below, mean, standard deviation, minimum and maximum.

    Parameters
    ----------
    kind
        What the runs differ in: the heading of the first column.
    values
        What tells them apart, in the order of the results.
    results
        Of the runs. Their test figures are shown, and those of the best epoch on the validation
        examples if there are none, or if runs differ in the seed.
    """
    spreads = spreads_of(results)
    parts = ["test"] if spreads["test"] and kind == "fold" else ["validation", "test"]
    cells = [(part, name) for part in parts for name in sorted(spreads[part], key=_loss_last)]
    headings = {cell: f"{_HEADINGS[cell[0]]} {cell[1]}" for cell in cells}
    status = [] if all(each.status == "finished" for each in results) else ["status"]
    columns = [kind, *status, "epochs", *headings.values(), "time"]
    table = new_table(
        dict.fromkeys(columns, ""), right=("epochs", *headings.values(), "time", "fold", "seed")
    )
    for value, each in zip(values, results, strict=True):
        of = {"validation": each.validation, "test": each.test}
        table.add_row(
            value,
            *([each.status] if status else []),
            str(each.epochs),
            *(_text(name, of[part].get(name)) for part, name in cells),
            "" if each.seconds is None else duration(each.seconds),
        )
    table.add_section()
    for label, sum_of in _SUMS.items():
        found = [_text(name, sum_of(spreads[part][name])) for part, name in cells]
        table.add_row(label, *([""] if status else []), "", *found, "")
    return table


def spread_text(results: Sequence[RunResults], kind: str) -> str:
    """Return ``test accuracy 95.00 % ± 1.20 %``, or the same of the validation examples.

    Empty where no run has figures.
    """
    spreads = spreads_of(results)
    part = "test" if spreads["test"] else "validation"
    found = [
        f"{part} {name} {figure(name, spread.mean)}"
        + (
            ""
            if spread.standard_deviation is None
            else f" ± {_text(name, spread.standard_deviation)}"
        )
        for name, spread in sorted(spreads[part].items(), key=lambda item: _loss_last(item[0]))
    ]
    if not found:
        return ""
    finished = sum(each.status == "finished" for each in results)
    how = "mean ± standard deviation of the sample, with n - 1"
    return f"{', '.join(found)} ({how}, of {count(finished, kind)})"


def _text(name: str, value: float | None) -> str:
    return "" if value is None else figure(name, value)


def _loss_last(name: str) -> bool:
    return name == "loss"
