"""``layerkit data``: what is in the data of a spec, and what is noticed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

from layerkit.cli.output import say, say_facts, terminal_width, wrapped
from layerkit.cli.tables import show
from layerkit.display.format import count
from layerkit.display.tables import new_table
from layerkit.findings.parts import ColumnOfCells
from layerkit.findings.report import DataReport, report_on
from layerkit.findings.shifts import class_counts, class_name
from layerkit.formats.json_text import json_text
from layerkit.plan.network import plan_network
from layerkit.spec.loading import load_spec

_MOST_COLUMNS = 30
_MOST_CLASSES = 20
_LONGEST_NAME = 24


def show_data(path: Path, overrides: Iterable[str], *, as_json: bool) -> None:
    """Print what is in the data of a spec, and what is noticed."""
    found = report_on(plan_network(load_spec(path, overrides), str(path)))
    if as_json:
        say(json_text(_as_table(path, found), indent=2))
        return
    data = found.data
    rows = ", ".join(f"{name} {len(part):,}" for name, part in data.whole.items())
    inputs = count(len(data.columns), "column")
    facts = {"spec": str(path), "rows": rows, "inputs": inputs}
    looked_at = [
        f"{len(part):,} of {len(data.whole[name]):,} {name} rows, at even distances"
        for name, part in data.named.items()
        if len(part) < len(data.whole[name])
    ]
    if looked_at:
        facts["looked at"] = ", ".join(looked_at)
    say_facts(facts)
    if class_counts(data):
        say("")
        _show_classes(found)
    say("")
    _show_columns(found)
    say("")
    _show_findings(found)


def _show_classes(found: DataReport) -> None:
    counts = class_counts(found.data)
    table = new_table({"class": "", **dict.fromkeys(counts, "")}, right=tuple(counts))
    classes = len(counts["train"])
    for index in range(min(classes, _MOST_CLASSES)):
        name = class_name(found.data, index)
        table.add_row(_cut(name), *(_share(part, index) for part in counts.values()))
    show(table)
    if classes > _MOST_CLASSES:
        say(f"and {classes - _MOST_CLASSES:,} more classes (--json has all)")


def _share(counts: Iterable[int], index: int) -> str:
    numbers = [int(each) for each in counts]
    return f"{numbers[index]:,} ({numbers[index] / max(sum(numbers), 1):.0%})"


def _show_columns(found: DataReport) -> None:
    headings = ("column", "type", "missing", "least", "mean", "largest", "deviation")
    table = new_table(dict.fromkeys(headings, ""), right=headings[2:])
    for index, column in enumerate(found.data.columns[:_MOST_COLUMNS]):
        row = _figures(found, index, column)
        numbers = [_figure(row[name]) for name in headings[3:]]
        missing = int(found.train.missing[index])
        kind = f"{len(column.categories)} categories" if column.categories else column.kind
        table.add_row(_cut(column.name), kind, f"{missing:,}" if missing else "", *numbers)
    show(table)
    columns = len(found.data.columns)
    if columns > _MOST_COLUMNS:
        say(f"and {columns - _MOST_COLUMNS:,} more columns (--json has all)")


def _show_findings(found: DataReport) -> None:
    if not found.findings:
        say("nothing was found")
        return
    width = terminal_width(sys.stdout)
    for check, group in groupby(found.findings, key=lambda each: each.check):
        for finding in group:
            say(f"{check.code}  {wrapped(f'{check.title}: {finding.line}', width, 7)}")
        say(f"       help: {wrapped(check.advice, width, 13)}")
    say("")
    say(count(len(found.findings), "finding"))


def _figures(found: DataReport, index: int, column: ColumnOfCells) -> Mapping[str, float | None]:
    train = found.train
    values = {
        "least": train.least,
        "mean": train.mean,
        "largest": train.largest,
        "deviation": train.deviation,
    }
    is_number = column.kind == "number"
    return {
        name: float(array[index]) if is_number and array[index] == array[index] else None
        for name, array in values.items()
    }


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 3]}..."


def _as_table(path: Path, found: DataReport) -> dict[str, object]:
    data, counts = found.data, class_counts(found.data)
    return {
        "spec": str(path),
        "rows": {name: len(part) for name, part in data.whole.items()},
        "looked_at": {name: len(part) for name, part in data.named.items()},
        "classes": [
            {"name": class_name(data, index), **{part: int(n[index]) for part, n in counts.items()}}
            for index in range(len(counts["train"]) if counts else 0)
        ],
        "columns": [
            {
                "name": column.name,
                "type": column.kind,
                "missing": int(found.train.missing[index]),
                **_figures(found, index, column),
            }
            for index, column in enumerate(data.columns)
        ],
        "findings": [
            {
                "code": each.check.code,
                "title": each.check.title,
                "place": each.place,
                "message": each.message,
                "others": [*each.others],
                "advice": each.check.advice,
            }
            for each in found.findings
        ],
    }
