"""``layerkit summary``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def summary(
    spec: Annotated[Path, typer.Argument(metavar="SPEC", help="A TOML or JSON file.")],
    *,
    overrides: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="PATH=VALUE",
            help="Change the spec, such as layers.1.units=256; may be repeated.",
        ),
    ] = None,
) -> None:
    """Show layers, output shapes, parameters and memory of a spec.

    No data are read but the headers of data files.
    """
    from layerkit.cli.overview import show_overview

    show_overview(spec, overrides or ())
