"""Tables of rich, all in one style."""

from __future__ import annotations

from collections.abc import Mapping

from rich import box
from rich.console import Console, JustifyMethod
from rich.table import Table

NO_LIMIT = 10_000
"""Wide enough for any line."""

GAP = 2
"""Between columns."""


def new_table(
    columns: Mapping[str, str], right: tuple[str, ...] = (), wraps: tuple[str, ...] = ()
) -> Table:
    """Return an empty table with a rule under its head; some columns are flush right.

    Parameters
    ----------
    columns
        Headings and, below another rule, what the columns come to; no such line if all are empty.
    right
        Headings of the columns that are flush right.
    wraps
        Headings of the columns whose cells may be broken between words.
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
        no_wrap = heading not in wraps
        table.add_column(heading, footer, justify=justify, overflow="fold", no_wrap=no_wrap)
    return table


def table_text(table: Table) -> str:
    """Return a table as lines of text, however wide."""
    console = Console(
        markup=False, emoji=False, highlight=False, width=NO_LIMIT, no_color=True, color_system=None
    )
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())
