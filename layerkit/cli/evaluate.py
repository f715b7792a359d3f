"""``layerkit evaluate``: figures, classes and confusions as tables, or all of it as JSON."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

from rich.table import Table

from layerkit.arrays import Array
from layerkit.cli.output import printable, say, say_facts
from layerkit.cli.tables import fits, show
from layerkit.display.format import count, figure, number
from layerkit.display.tables import new_table
from layerkit.errors import UsageError
from layerkit.formats.json_text import json_text
from layerkit.inference.evaluate import ClassFigures, Figures, NumberFigures, confusions, evaluate
from layerkit.inference.examples import PartName, own_part, part_of_file
from layerkit.inference.file_options import FileOptions
from layerkit.runs.run import load

USES = {"train": "train on", "validation": "validate on", "test": "test on"}
"""What each part of a run's own data is for."""
MAX_CLASSES = 40
"""The most classes whose confusion matrix is shown whole."""
MAX_ROWS = 20
"""The most confusions, or targets, that are listed."""


def evaluate_run(
    run: Path,
    which: Literal["last", "best"],
    data: Path | None,
    part: PartName | None,
    options: FileOptions,
    *,
    as_json: bool,
) -> int:
    """Evaluate a run, print what was found, and return the exit code.

    Parameters
    ----------
    run
        The run directory.
    which
        The weights to evaluate.
    data
        A file to evaluate on; None: the run's own data.
    part
        Which of the run's own data.
    options
        How the file is written.
    as_json
        Whether to print JSON.
    """
    if part is not None and data is not None:
        raise UsageError("expected --part, of the run's own data, or --data; found both")
    network = load(run, which)
    if data is None:
        name, examples = own_part(network.plan, part)
        source = f"the run's own, to {USES[name]}"
    else:
        name, examples = None, part_of_file(network.plan, data, options)
        source = str(data)
    found = evaluate(network, examples)
    if as_json:
        about = {"run": str(run), "data": None if data is None else str(data), "part": name}
        say(json_text({**about, **_facts(found)}, indent=2))
        return 0
    say_facts({"run": str(run), "data": f"{source}: {count(found.examples, 'example')}"})
    say("")
    say_facts({key: figure(key, value) for key, value in found.figures.items()})
    if found.classes is not None:
        _show_classes(found.classes)
    if found.numbers is not None:
        _show_numbers(found.numbers)
    return 0


def _show_classes(classes: ClassFigures) -> None:
    what = "label" if classes.confusion is None else "class"
    headings = ("precision", "recall", "f1", "support")
    table = new_table(dict.fromkeys((what, *headings), ""), right=headings)
    columns = (classes.precision, classes.recall, classes.f1)
    for row, name in enumerate(classes.names):
        figures = (number(column[row]) for column in columns)
        table.add_row(printable(name), *figures, _amount(classes.support[row]))
    say("")
    show(table)
    if classes.confusion is not None:
        _show_confusion(classes.names, classes.confusion)


def _show_confusion(names: tuple[str, ...], confusion: Array) -> None:
    say("")
    if len(names) <= MAX_CLASSES:
        matrix = _matrix(names, confusion)
        if fits(matrix):
            say("confusion matrix: a row for each true class, a column for each predicted one")
            say("")
            show(matrix)
            return
    confused = confusions(confusion)
    if not confused:
        say("no class was predicted for another")
        return
    more = len(confused) - MAX_ROWS
    others = f"; {more:,} more pairs of classes with --json" if more > 0 else ""
    say(f"most frequent confusions{others}")
    say("")
    table = new_table({"true": "", "predicted": "", "examples": ""}, right=("examples",))
    for true, predicted, amount in confused[:MAX_ROWS]:
        table.add_row(printable(names[true]), printable(names[predicted]), _amount(amount))
    show(table)


def _matrix(names: tuple[str, ...], confusion: Array) -> Table:
    headings = [printable(name) for name in names]
    table = new_table(dict.fromkeys(("", *headings), ""), right=tuple(headings))
    for name, row in zip(headings, confusion, strict=True):
        table.add_row(name, *map(_amount, row))
    return table


def _show_numbers(numbers: NumberFigures) -> None:
    headings = ("mean abs. error", "root mean sq. error", "r2")
    table = new_table(dict.fromkeys(("target", *headings), ""), right=headings)
    columns = (numbers.mean_absolute_error, numbers.root_mean_squared_error, numbers.r2)
    for row, name in enumerate(numbers.names[:MAX_ROWS]):
        table.add_row(printable(name), *(_or_none(column[row]) for column in columns))
    say("")
    show(table)
    if len(numbers.names) > MAX_ROWS:
        say(f"and {count(len(numbers.names) - MAX_ROWS, 'target')} more with --json")


def _or_none(value: float) -> str:
    return number(value) if math.isfinite(value) else "none"


def _amount(value: float) -> str:
    """Return how many examples, or their weight."""
    return f"{value:,.0f}" if value == round(value) else number(value)


def _facts(found: Figures) -> dict[str, object]:
    facts: dict[str, object] = {"examples": found.examples, "figures": {**found.figures}}
    facts["tables"] = {name: table.tolist() for name, table in found.tables.items()}
    classes, numbers = found.classes, found.numbers
    if classes is not None:
        facts["classes" if classes.confusion is not None else "labels"] = _rows(
            classes.names,
            {
                "precision": classes.precision,
                "recall": classes.recall,
                "f1": classes.f1,
                "support": classes.support,
            },
        )
        if classes.confusion is not None:
            facts["confusion"] = classes.confusion.tolist()
    if numbers is not None:
        facts["targets"] = _rows(
            numbers.names,
            {
                "mean_absolute_error": numbers.mean_absolute_error,
                "root_mean_squared_error": numbers.root_mean_squared_error,
                "r2": numbers.r2,
            },
        )
    return facts


def _rows(names: tuple[str, ...], columns: dict[str, Array]) -> list[dict[str, object]]:
    return [
        {"name": name, **{key: float(column[row]) for key, column in columns.items()}}
        for row, name in enumerate(names)
    ]
