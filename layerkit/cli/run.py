"""``layerkit run``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    spec: Annotated[Path, typer.Argument(metavar="SPEC", help="A TOML or JSON file.")],
    *,
    overrides: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="PATH=VALUE",
            help="Change the spec for this run, such as training.epochs=3; may be repeated.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where to write; new or empty. By default runs/<spec>-<date>-<time>.",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Short for --set seed=N.")] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but the run directory.")
    ] = False,
) -> None:
    """Train the network of a spec and leave a run directory.

    The directory gets the spec with every default written, what the result depends on, a line
    for every epoch and the trained weights. A run that is interrupted or diverges leaves what it
    has.
    """
    from layerkit.cli.running import run_spec

    changes = [*(overrides or ()), *([] if seed is None else [f"seed={seed}"])]
    raise typer.Exit(run_spec(spec, changes, out, quiet=quiet))
