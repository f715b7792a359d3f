"""The verbs that look at data: what can be typed, and what help says about it.

The module that does the work is imported when the verb is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layerkit.cli.arguments import AsJson, Overrides, Spec


def init(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A table: CSV, TSV or JSON Lines, maybe as .gz; Parquet or Arrow."
        ),
    ],
    *,
    target: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="What to predict. Without it, columns are listed."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="SPEC", help="The spec to write. By default <name of FILE>.toml."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over the spec if it exists.")] = (
        False
    ),
    rows: Annotated[
        int | None, typer.Option(metavar="N", min=10, help="Look at the first N rows only.")
    ] = None,
    separator: Annotated[
        str | None, typer.Option(metavar="C", help="Between the cells of CSV; found if not given.")
    ] = None,
    decimal: Annotated[
        str | None, typer.Option(metavar="C", help="The decimal point of CSV; found if not given.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of the text; found if not given.")
    ] = None,
    header: Annotated[
        bool | None,
        typer.Option(
            "--header/--no-header", help="Whether the first row has the names of the columns."
        ),
    ] = None,
) -> int:
    """Write a spec for a table, with a network to begin with.

    Every column gets a type, and a comment with the reason; identifiers, constant columns, dates
    and free text are left out. 'layerkit run' on the spec works at once.
    """
    from layerkit.cli.init import InitOptions, init_spec

    options = InitOptions(target, out, force, rows, separator, decimal, encoding, header)
    return init_spec(file, options)


def data(
    spec: Spec,
    *,
    overrides: Overrides = None,
    as_json: AsJson = False,
) -> int:
    """Look at the data of a spec before training.

    Shows parts, classes and columns, and what is noticed: missing values, duplicates, columns
    that give the target away, shifts between parts, and more. Every finding has a code, the place
    and what to do. They are advice: the exit code is 0 with findings too.
    """
    from layerkit.cli.data import show_data

    show_data(spec, overrides or (), as_json=as_json)
    return 0
