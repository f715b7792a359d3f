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


def fill(
    spec: Annotated[
        Path,
        typer.Argument(metavar="SPEC", help="A TOML or JSON file; '-' for standard input."),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Where to write; by default in its place. '-' is standard output."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over FILE if it exists.")] = False,
) -> int:
    """Write every default into a spec, and keep its comments.

    The spec means the same afterwards, and is formatted. Keys that have no value by default, such
    as training.early_stopping, are left out. The defaults are those of the plugins that are
    installed: a spec with all of them keeps its meaning where a later version has other ones.
    """
    from layerkit.cli.fill import fill_spec

    return fill_spec(spec, out, force=force)
