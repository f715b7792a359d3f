"""The verbs that change the text of specs: what can be typed, and what help says about it.

The module that does the work is imported when the verb is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def fmt(
    specs: Annotated[
        list[Path],
        typer.Argument(
            metavar="SPEC",
            help="TOML or JSON files, patterns, directories; '-' for standard input.",
        ),
    ],
    *,
    check: Annotated[
        bool,
        typer.Option("--check", help="Change nothing; exit with 2 if a spec is not formatted."),
    ] = False,
    upgrade: Annotated[
        bool,
        typer.Option(
            "--upgrade", help="Write keys and components that were renamed under today's names too."
        ),
    ] = False,
) -> int:
    """Format specs: the same values in the same order, with every comment.

    A list that makes a line longer than 120 characters gets a line for each entry, and one with a
    line break after its bracket keeps its lines. With '-' the result goes to standard output. What
    is no TOML or JSON is left as it is; the exit code is 2 then too.
    """
    from layerkit.cli.fmt import format_specs

    return format_specs(specs, check=check, upgrade=upgrade)
