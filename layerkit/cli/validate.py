"""``layerkit validate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def validate(
    specs: Annotated[list[Path], typer.Argument(metavar="SPEC", help="TOML or JSON files.")],
) -> None:
    """Check specs: every name, option and shape.

    No data are read but the headers of data files. A line for every good spec goes to standard
    output, all problems of the others to standard error. The exit code is 0 if all are good, else
    that of the first that is not.
    """
    from layerkit.cli.checking import check

    raise typer.Exit(check(specs))
