"""The verbs that look at data: what can be typed, and what help says about it.

The module that does the work is imported when the verb is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layerkit.cli.arguments import AsJson, Overrides, Spec
from layerkit.errors import UsageError


def init(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="A table: CSV, TSV or JSON Lines, maybe as .gz; Parquet or Arrow.",
        ),
    ] = None,
    *,
    target: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="What to predict. Without it, columns are listed."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="SPEC",
            help="The spec to write. By default <name of FILE>.toml, or spec.toml without FILE.",
        ),
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
    task: Annotated[
        str | None,
        typer.Option(
            metavar="TASK",
            help="Without FILE: classification, binary, multi_label or regression.",
        ),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(metavar="DATA", help="Without FILE: synthetic, mnist or npz."),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(metavar="SIZE", help="Without FILE: small, medium or large."),
    ] = None,
) -> int:
    """Write a spec for a table, or one to start from, with a network to begin with.

    With FILE every column gets a type, and a comment with the reason; identifiers, constant
    columns, dates and free text are left out. Without FILE, --task, --data and --size say what to
    write; in a terminal, those that are missing are asked for. 'layerkit run' on the spec works at
    once.

    The spec begins with a line that editors find its JSON Schema by, 'spec.schema.json', which is
    written beside it unless the repository has one already: see docs/editors.md.
    """
    from layerkit.cli.init import InitOptions, init_spec
    from layerkit.cli.init_starter import StarterOptions, init_starter

    starting = {"--task": task, "--data": data, "--size": size}
    of_tables = {
        "--target": target,
        "--rows": rows,
        "--separator": separator,
        "--decimal": decimal,
        "--encoding": encoding,
        "--header": header,
    }
    for name, value in (starting if file is not None else of_tables).items():
        if value is not None:
            raise UsageError(
                f"{name} does not go with FILE, which shows what it is"
                if file is not None
                else f"{name} is about a table: layerkit init FILE {name} ..."
            )
    if file is None:
        return init_starter(StarterOptions(task, data, size, out, force))
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
