"""Tables: as wide as a terminal is, and never cut anywhere else."""

from __future__ import annotations

from collections.abc import Mapping

from rich import box
from rich.console import Console, JustifyMethod
from rich.table import Table

from layerkit.cli.output import say

_NO_LIMIT = 10_000


def new_table(columns: Mapping[str, str], right: tuple[str, ...] = ()) -> Table:
    """Return an empty table with a rule under its head; some columns are flush right.

    Parameters
    ----------
    columns
        Headings and, below another rule, what the columns come to; no such line if all are empty.
    right
        Headings of the columns that are flush right.
    """
    table = Table(
        box=box.SIMPLE,
        show_edge=False,
        pad_edge=False,
        collapse_padding=True,
        header_style="bold",
        footer_style="bold",
        show_footer=any(columns.values()),
    )
    for heading, footer in columns.items():
        justify: JustifyMethod = "right" if heading in right else "left"
        table.add_column(heading, footer, justify=justify, overflow="fold")
    return table


def show(table: Table) -> None:
    """Print a table to standard output."""
    console = Console(markup=False, emoji=False, highlight=False)
    if console.is_terminal:
        console.print(table)
        return
    console = Console(markup=False, emoji=False, highlight=False, width=_NO_LIMIT)
    with console.capture() as capture:
        console.print(table)
    for line in capture.get().splitlines():
        say(line.rstrip())
