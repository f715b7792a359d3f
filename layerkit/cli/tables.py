"""Tables: as wide as a terminal is, and never cut anywhere else."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console
from rich.table import Column, Table

from layerkit.cli.output import say, say_facts
from layerkit.display.tables import GAP, NO_LIMIT


def fits(table: Table) -> bool:
    """Tell whether standard output is wide enough for all words of a table."""
    console = _console()
    return not console.is_terminal or _narrowest(table) <= console.width


def show(table: Table) -> None:
    """Print a table to standard output; as a list in a terminal too narrow for all its words."""
    console = _console()
    if not console.is_terminal:
        console = Console(markup=False, emoji=False, highlight=False, width=NO_LIMIT)
        with console.capture() as capture:
            console.print(table)
        for line in capture.get().splitlines():
            say(line.rstrip())
    elif _narrowest(table) <= console.width:
        console.print(table)
    else:
        _show_list(table)


def _console() -> Console:
    return Console(markup=False, emoji=False, highlight=False)


def _narrowest(table: Table) -> int:
    """Return the width below which a word of the table would be broken."""
    return sum(map(_column_width, table.columns)) + GAP * (len(table.columns) - 1)


def _column_width(column: Column) -> int:
    """Return how wide the longest cell of a column is, or its longest word if cells may wrap."""
    cells = [str(cell) for cell in (column.header, *column.cells, column.footer)]
    pieces = cells if column.no_wrap else [word for cell in cells for word in cell.split()]
    return max(map(cell_len, pieces))


def _show_list(table: Table) -> None:
    """Print the rows one below the other, each as lines of a heading and a value."""
    headings = [str(column.header) for column in table.columns]
    rows = [*zip(*(map(str, column.cells) for column in table.columns), strict=True)]
    if table.show_footer:
        rows.append(tuple(str(column.footer) for column in table.columns))
    indent = max(map(len, headings)) + GAP
    for number, row in enumerate(rows):
        if number:
            say("")
        values = {name: text.strip() for name, text in zip(headings, row, strict=True)}
        say_facts({name: value for name, value in values.items() if value}, indent)
